/* check_source.c - what PATHs stand for: order, lists, links, DICOMDIRs. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "find/detect.h"
#include "process/source.h"
#include "tests/deny.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

/* Nothing is detected here. */
const struct detector detectors[] = { { .name = NULL } };

static char scratch[] = "check_source-XXXXXX";

static void put_file(const char *path, const void *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, length), (ssize_t)length);
	close(fd);
}

static void put_text(const char *path, const char *text)
{
	put_file(path, text, strlen(text));
}

/* tree/: files, folders, a link to each, a FIFO, a project. */
static void make_tree(void)
{
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
	ck_assert_int_eq(mkdir("tree", 0700), 0);
	ck_assert_int_eq(mkdir("tree/b", 0700), 0);
	ck_assert_int_eq(mkdir("tree/b/empty", 0700), 0);
	ck_assert_int_eq(mkdir("tree/p", 0700), 0);
	put_text("tree/b/2", "x");
	put_text("tree/b/10", "x");
	put_text("tree/a", "x");
	put_text("tree/b.txt", "x");
	put_text("tree/\xe6\xbc\xa2", "x");
	put_text("tree/p/suminuri.project", "x");
	put_text("tree/p/hidden", "x");
	ck_assert_int_eq(symlink("a", "tree/link"), 0);
	ck_assert_int_eq(symlink("b", "tree/c"), 0);
	ck_assert_int_eq(symlink("loop", "tree/loop"), 0);
	ck_assert_int_eq(mkfifo("tree/fifo", 0600), 0);
}

static void remove_tree(void)
{
	pid_t pid;

	ck_assert_int_eq(chdir(".."), 0);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", scratch, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

/* All steps as text: "which name [flagged] [!code]\n", P for a project. */
static void describe(struct source *s, struct buffer *out)
{
	struct source_item item;
	struct error err;
	enum source_step step;

	while ((step = source_next(s, &item, &err)) != SOURCE_END) {
		buffer_printf(out, "%s%s %s", step == SOURCE_PROJECT ? "P " :
			      item.named ? "" : "+ ", item.which, item.name);
		if (*item.flagged)
			buffer_printf(out, " [%s]", item.flagged);
		if (item.refused)
			buffer_printf(out, " !%s", refusal_name(
					      reason_code(item.refused)));
		buffer_puts(out, "\n");
	}
	ck_assert_int_eq(err.code, ERR_NONE);
}

static void expect(const char *const *paths, int count, const char *wanted)
{
	struct error err = { 0 };
	struct source *s = source_new((char *const *)(uintptr_t)paths, count,
				      &err);
	struct buffer out = { 0 };

	ck_assert_msg(s, "%s", err.text);
	describe(s, &out);
	ck_assert_str_eq(out.data ? out.data : "", wanted);
	buffer_done(&out);
	source_free(s);
}

START_TEST(test_folder)
{
	const char *const paths[] = { "tree", "tree/", "tree/a", "gone",
				      "tree/link", "tree/p", "tree/fifo" };

	expect(paths, 1, "+ tree#1 tree/a\n"
			 "+ tree#2 tree/b/10\n"
			 "+ tree#3 tree/b/2\n"
			 "+ tree#4 tree/b.txt\n"
			 "P tree tree/p\n"
			 "+ tree#5 tree/\xe6\xbc\xa2\n");
	expect(paths + 1, 1, "+ tree/#1 tree/a\n"
			     "+ tree/#2 tree/b/10\n"
			     "+ tree/#3 tree/b/2\n"
			     "+ tree/#4 tree/b.txt\n"
			     "P tree/ tree/p\n"
			     "+ tree/#5 tree/\xe6\xbc\xa2\n");
	expect(paths + 2, 5, "tree/a tree/a\n"
			     "gone gone\n"
			     "tree/link tree/link\n"
			     "P tree/p tree/p\n"
			     "tree/fifo tree/fifo\n");
}
END_TEST

/* tree/link leads to tree/a, tree/c to tree/b, loop to itself. */
static const struct {
	const char *path;
	long below;
	enum reason reason;             /* REASON_NONE: it opens */
} opened[] = {
	{ "tree/a", SOURCE_NAMED, REASON_NONE },
	{ "tree/a", 4, REASON_NONE },
	{ "tree/a", 5, REASON_NONE },
	{ "tree/a", 0, REASON_NONE },
	{ "tree/b/2", 4, REASON_NONE },
	{ "tree//b/2", 4, REASON_NONE },
	{ "tree/link", SOURCE_NAMED, REASON_NONE },
	{ "tree/link", 4, REASON_SPECIAL_FILE },
	{ "tree/c/2", SOURCE_NAMED, REASON_NONE },
	{ "tree/c/2", 4, REASON_UNREADABLE },
	{ "tree/c/2", 7, REASON_NONE },         /* how it was named */
	{ "tree/b/../a", 4, REASON_UNREADABLE },
	{ "tree/../tree/a", 4, REASON_UNREADABLE },
	{ "tree/b//2", 4, REASON_UNREADABLE },
	{ "tree/./a", 4, REASON_UNREADABLE },
	{ "tree/b/", 4, REASON_UNREADABLE },
	{ "tree/", 5, REASON_UNREADABLE },
	{ "tree/a", 99, REASON_UNREADABLE },
	{ "tree/a/b", 4, REASON_UNREADABLE },
	{ "tree/fifo", SOURCE_NAMED, REASON_SPECIAL_FILE },
	{ "tree/fifo", 4, REASON_SPECIAL_FILE },
	{ "tree/b", SOURCE_NAMED, REASON_SPECIAL_FILE },
	{ "tree/b", 4, REASON_SPECIAL_FILE },
	{ "tree/loop", SOURCE_NAMED, REASON_UNREADABLE },
	{ "tree/loop", 4, REASON_SPECIAL_FILE },
	{ "/dev/zero", SOURCE_NAMED, REASON_SPECIAL_FILE },
	{ "/dev/zero", 4, REASON_SPECIAL_FILE },
	{ "gone", SOURCE_NAMED, REASON_UNREADABLE },
	{ "gone/x", 4, REASON_UNREADABLE },
};

static void expect_open(int row)
{
	struct error err = { 0 };
	int fd = source_open(opened[row].path, opened[row].below, &err);

	ck_assert_int_eq(fd >= 0, opened[row].reason == REASON_NONE);
	ck_assert_int_eq(err.reason, opened[row].reason);
	if (fd >= 0)
		close(fd);
}

START_TEST(test_open)
{
	expect_open(_i);
}
END_TEST

/* The same where the kernel does not know openat2(). */
START_TEST(test_open_by_steps)
{
	if (!deny("openat2")) {
		printf("skip: no seccomp filter can be set here\n");
		return;
	}
	expect_open(_i);
}
END_TEST

/* In a child: a file and a folder are links to others now and then. */
static void swap_for_ever(void)
{
	static const char *const pairs[][2] = {
		{ "tree/a", "way/a" }, { "tree/b", "way/b" },
	};

	for (;;)
		for (int i = 0; i < 2; i++)
			renameat2(AT_FDCWD, pairs[i][0], AT_FDCWD,
				  pairs[i][1], RENAME_EXCHANGE);
}

/* Whoever may write to the folder can't have another file read: what stands
 * outside is never opened.  _i: by openat2(), by steps. */
START_TEST(test_swapped)
{
	enum { TRIES = 4000 };
	static const char *const paths[] = { "tree/a", "tree/b/2" };
	static const char *const folders[] = { "tree", "tree/b", "way",
					       "other" };
	int opened_here = 0, refused = 0;
	char c;

	ck_assert_int_eq(mkdir(_i ? "by-steps" : "at-once", 0700), 0);
	ck_assert_int_eq(chdir(_i ? "by-steps" : "at-once"), 0);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		ck_assert_int_eq(mkdir(folders[i], 0700), 0);
	put_text("tree/a", "x");
	put_text("tree/b/2", "x");
	put_text("other/secret", "s");
	put_text("other/2", "s");
	ck_assert_int_eq(symlink("../other/secret", "way/a"), 0);
	ck_assert_int_eq(symlink("../other", "way/b"), 0);
	pid_t child = fork();

	if (child == 0)
		swap_for_ever();
	ck_assert(_i == 0 || deny("openat2"));
	for (int i = 0; i < TRIES; i++) {
		int fd = source_open(paths[i % 2], 4, NULL);

		refused += fd < 0;
		if (fd < 0)
			continue;
		ck_assert_int_eq(read(fd, &c, 1), 1);
		ck_assert_int_eq(c, 'x');
		close(fd);
		opened_here++;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("of %d tries %d opened, %d refused\n", (int)TRIES,
	       opened_here, refused);
}
END_TEST

#define KANJI_SJIS "\x8a\xbf"           /* 漢 */
#define KANJI_UTF8 "\xe6\xbc\xa2"

/* Lists in the folder tree/; a wrong one gives what its error must hold. */
static const struct {
	const char *list, *wanted, *wrong;
} lists[] = {
	{ "a\nb.txt\r\n\n../other", "@tree/list#1 a\n@tree/list#2 b.txt\n"
	  "@tree/list#3 ../other\n", NULL },
	{ "b\n", "+ @tree/list#1 b/10\n+ @tree/list#2 b/2\n", NULL },
	{ "\xef\xbb\xbf" KANJI_UTF8 "\n", "@tree/list#1 " KANJI_UTF8 "\n",
	  NULL },
	{ KANJI_SJIS "\n", "@tree/list#1 " KANJI_UTF8 "\n", NULL },
	{ "id,path,reason\r\n1,a,\"two \"\"words\"\", here\"\r\n2,b.txt,\r\n",
	  "@tree/list#1 a [two \"words\", here]\n@tree/list#2 b.txt\n", NULL },
	{ "path,reason\na,\"line\nbreak\x1b[2J\"\n",
	  "@tree/list#1 a [line break[2J]\n", NULL },
	{ "reason,path\n" KANJI_SJIS ",a\n", "@tree/list#1 a [" KANJI_UTF8
	  "]\n", NULL },
	{ "path\n\"a\n", NULL, "line 2" },
	{ "path\n\"a\" b\n", NULL, "line 2" },
	{ "path\na\n\xff\xfe\n", NULL, "CP932" },
	{ "path\n", "", NULL },
	{ "", "", NULL },
	{ "\"a\n", "@tree/list#1 \"a\n", NULL },
};

START_TEST(test_list)
{
	const char *const path = "@tree/list";
	struct error err = { 0 };
	struct source *s;

	put_text("tree/list", lists[_i].list);
	if (lists[_i].wanted) {
		expect(&path, 1, lists[_i].wanted);
	} else {
		s = source_new((char *const *)(uintptr_t)&path, 1, &err);
		ck_assert_ptr_null(s);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, lists[_i].wrong));
	}
	unlink("tree/list");
}
END_TEST

START_TEST(test_list_wrong)
{
	const char *const paths[] = { "@gone", "@tree", "@tree/fifo" };
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
		ck_assert_ptr_null(source_new(
			(char *const *)(uintptr_t)&paths[i], 1, &err));
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
}
END_TEST

static void add_record(struct dicom_maker *dir, const char *file_id)
{
	struct dicom_maker item = { 0 };

	make_text(&item, 0x00041430, "CS", "IMAGE");
	make_text(&item, 0x00041500, "CS", file_id);
	make_item(dir, 0x00041220, &item);
	buffer_done(&item.out);
}

static void make_dicomdir(struct dicom_maker *dir)
{
	make_begin(dir, "1.2.840.10008.1.2.1");
	make_text(dir, 0x00020002, "UI", "1.2.840.10008.1.3.10");
	add_record(dir, "B\\2");
	add_record(dir, "a ");
	add_record(dir, "b\\10 ");
	add_record(dir, "..\\tree\\a");
	add_record(dir, "LINK");
	add_record(dir, "C\\2");
	add_record(dir, "GONE");
}

START_TEST(test_dicomdir)
{
	const char *const path = "tree/DICOMDIR";
	struct dicom_maker dir = { 0 };

	make_dicomdir(&dir);
	put_file(path, dir.out.data, dir.out.length);
	expect(&path, 1,
	       "+ tree/DICOMDIR#1 tree/b/2\n"
	       "+ tree/DICOMDIR#2 tree/a\n"
	       "+ tree/DICOMDIR#3 tree/b/10\n"
	       "+ tree/DICOMDIR#4 tree/../tree/a !unreadable\n"
	       "+ tree/DICOMDIR#5 tree/link !unreadable\n"
	       "+ tree/DICOMDIR#6 tree/c/2 !unreadable\n"
	       "+ tree/DICOMDIR#7 tree/gone !unreadable\n");
	/* cut within an element: what it holds, then itself as damaged */
	put_file(path, dir.out.data, dir.out.length - 3);
	expect(&path, 1,
	       "+ tree/DICOMDIR#1 tree/b/2\n"
	       "+ tree/DICOMDIR#2 tree/a\n"
	       "+ tree/DICOMDIR#3 tree/b/10\n"
	       "+ tree/DICOMDIR#4 tree/../tree/a !unreadable\n"
	       "+ tree/DICOMDIR#5 tree/link !unreadable\n"
	       "+ tree/DICOMDIR#6 tree/c/2 !unreadable\n"
	       "tree/DICOMDIR tree/DICOMDIR !damaged\n");
	unlink(path);
	buffer_done(&dir.out);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("source");

	/* the DICOMDIR's reader is this program, executed again */
	if (argc > 1 && !strcmp(argv[1], SOURCE_VERB))
		return source_dicomdir_main();
	tcase_add_unchecked_fixture(tcase, make_tree, remove_tree);
	tcase_add_test(tcase, test_folder);
	tcase_add_loop_test(tcase, test_swapped, 0, 2);
	add_rows_test(tcase, test_open, opened);
	add_rows_test(tcase, test_open_by_steps, opened);
	add_rows_test(tcase, test_list, lists);
	tcase_add_test(tcase, test_list_wrong);
	tcase_add_test(tcase, test_dicomdir);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
