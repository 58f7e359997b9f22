/* check_keyfile.c - the reviewer's own keys. */
#include "config.h"

#include "ui/keyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support.h"
#include "ui/input.h"

static bool parse(struct keymap *keys, const char *text, struct error *err)
{
	*err = (struct error){ 0 };
	return keyfile_parse(keys, "keys", text, strlen(text), err);
}

/* ---- what is refused, with its line ---- */

static const struct { const char *text, *says; } bad[] = {
	{ "review x", "keys:1: MODE KEY COMMAND is wanted" },
	{ "\n# a comment\n\nreview", "keys:4: MODE KEY COMMAND" },
	{ "review \x01 undo", "keys:1: MODE KEY COMMAND" },
	{ "review \xc3\xa9 undo", "keys:1: MODE KEY COMMAND" },
	{ "review o undo\r\n", "keys:1: MODE KEY COMMAND" },
	{ "review o undo x y", "keys:1: MODE KEY COMMAND" },
	{ "Review o undo", "keys:1: Review: no mode of keys" },
	{ "class o undo", "keys:1: class: no mode of keys" },
	{ "help o undo", "keys:1: help: no mode of keys" },
	{ "review oo undo", "keys:1: oo: no key" },
	{ "review ^C undo", "keys:1: ^C: no key" },
	{ "review ^I undo", "keys:1: ^I: no key" },
	{ "review space approve", "keys:1: space: no key" },
	{ "list 3 open", "keys:1: 3: digits are counts" },
	{ "edit 0 keep", "keys:1: 0: digits are counts" },
	{ "review o nothing", "keys:1: nothing: no such command" },
	{ "review o undo 3", "keys:1: 3: nothing may stand behind" },
	{ "review o select", "keys:1: select wants a digit" },
	{ "review o select 12", "keys:1: select wants a digit" },
	{ "list o snap", "keys:1: snap: this mode does not have" },
	{ "tagged o approve", "keys:1: approve: this mode does not have" },
	{ "tagged Space clean", "keys:1: clean: this mode does not have" },
	{ "review o undo\nlist o tag\nreview o redo\n",
	  "keys:3: o is bound in review already, in line 1" },
	/* safety keys: never lost, never two */
	{ "review Space box-next",
	  "keys:1: approve would have no key in review" },
	{ "review Z fit", "keys:1: clean would have no key in review" },
	{ "review F fit", "keys:1: by-eye would have no key in review" },
	{ "tour Space pan", "keys:1: pan: no such command" },
	{ "tour Space back", "keys:1: approve would have no key in tour" },
	{ "review o approve\nreview O approve\n",
	  "keys:2: approve would have two keys in review" },
	{ "tour o approve", "keys:1: approve would have two keys in tour" },
	{ "# moved, and again\nreview o clean\ntour O clean\n",
	  "keys:3: clean would have two keys in tour" },
	{ "everywhere ^A approve",
	  "keys:1: approve would have two keys in review" },
	{ "everywhere ^A by-eye",
	  "keys:1: by-eye would have two keys in review" },
	{ "sheet o group\neverywhere ^A group\n",
	  "keys:2: group would have two keys in sheet" },
	{ "sheet Space down", "keys:1: approve would have no key in sheet" },
	{ "review x fit", "keys:1: reject would have no key in review" },
	{ "everywhere Q undo", "keys:1: quit would have no key in review" },
	{ "edit Enter grow", "keys:1: keep would have no key in edit" },
	{ "everywhere j undo", "keys:1: this key is down in list" },
	{ "everywhere 5 undo", "keys:1: this key is select in review" },
};

START_TEST(refused)
{
	struct keymap keys;
	struct error err;

	ck_assert_msg(!parse(&keys, bad[_i].text, &err), "%s", bad[_i].text);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_msg(strstr(err.text, bad[_i].says) == err.text, "%s: %s",
		      bad[_i].text, err.text);
	ck_assert_ptr_null(keys.binding);
}
END_TEST

/* ---- what is taken ---- */

static const struct {
	const char *text;
	enum review_mode mode;
	int key;
	enum command command;           /* CMD_NONE: the key does nothing */
} good[] = {
	{ "", MODE_REVIEW, ' ', CMD_APPROVE },
	{ "# only\n  # comments\n\n", MODE_REVIEW, ' ', CMD_APPROVE },
	/* beside what is built in */
	{ "review o undo", MODE_REVIEW, 'o', CMD_UNDO },
	{ "review o undo", MODE_REVIEW, 'u', CMD_UNDO },
	{ "\treview \t o\tundo  \n", MODE_REVIEW, 'o', CMD_UNDO },
	{ "review o undo", MODE_TOUR, 'o', CMD_UNDO },
	{ "review o undo", MODE_LIST, 'o', CMD_NONE },
	/* another meaning */
	{ "review n box-next", MODE_REVIEW, 'n', CMD_BOX_NEXT },
	{ "review n box-next", MODE_LIST, 'n', CMD_NEXT_UNDECIDED },
	{ "review Tab candidate-next", MODE_REVIEW, KEY_TAB_,
	  CMD_CANDIDATE_NEXT },
	{ "review # fit", MODE_REVIEW, '#', CMD_FIT },
	{ "everywhere ^A undo", MODE_LIST, 1, CMD_UNDO },
	{ "everywhere ^A undo", MODE_EDIT, 1, CMD_UNDO },
	{ "everywhere ^A undo", MODE_CLASS, 1, CMD_NONE },
	/* safety keys are moved, in the tour too */
	{ "review o approve", MODE_REVIEW, 'o', CMD_APPROVE },
	{ "review o approve", MODE_TOUR, 'o', CMD_APPROVE },
	{ "review o approve", MODE_REVIEW, ' ', CMD_NONE },
	{ "review o approve", MODE_LIST, ' ', CMD_APPROVE },
	{ "review o approve\nreview Space masks", MODE_REVIEW, ' ',
	  CMD_MASKS },
	{ "sheet o group", MODE_SHEET, 'o', CMD_GROUP },
	{ "sheet o group", MODE_SHEET, 'Y', CMD_NONE },
	{ "review Z by-eye\nreview F clean", MODE_REVIEW, 'F', CMD_CLEAN },
	{ "review Z by-eye\nreview F clean", MODE_TOUR, 'Z', CMD_BY_EYE },
};

START_TEST(taken)
{
	struct keymap keys;
	struct error err;
	struct event event = { 0 };
	struct key_prefix prefix = { .keys = &keys };

	ck_assert_msg(parse(&keys, good[_i].text, &err), "%s", err.text);
	bool heard = key_event(&prefix, good[_i].mode, good[_i].key, &event);

	ck_assert_msg(heard == (good[_i].command != CMD_NONE), "%s",
		      good[_i].text);
	if (heard)
		ck_assert_int_eq(event.command, good[_i].command);
	keymap_done(&keys);
}
END_TEST

START_TEST(digits_and_hints)
{
	struct keymap keys;
	struct error err;
	struct event event = { 0 };
	struct key_prefix prefix = { .keys = &keys };
	char text[64];

	ck_assert(parse(&keys, "review ^A select 7\nreview o approve\n"
			"review ^B reject\n", &err));
	ck_assert(key_event(&prefix, MODE_REVIEW, 1, &event));
	ck_assert_int_eq(event.command, CMD_SELECT);
	ck_assert_int_eq(event.count, 7);
	key_hints(&keys, MODE_TOUR, "{approve}{reject} {} {pan {masks} ok {",
		  text, sizeof(text));
	ck_assert_str_eq(text, "o^B ? ? ok {");
	key_hints(NULL, MODE_REVIEW, "{approve}/{reject}", text,
		  sizeof(text));
	ck_assert_str_eq(text, "Space/x");
	/* never beyond its room */
	for (size_t size = 1; size < 12; size++) {
		memset(text, '#', sizeof(text));
		key_hints(NULL, MODE_REVIEW, "{approve}/{reject}", text, size);
		ck_assert_uint_lt(strlen(text), size);
		ck_assert_int_eq(text[size], '#');
	}
	keymap_done(&keys);
}
END_TEST

/* Each name of a key in use leads back to it. */
START_TEST(names)
{
	size_t count;
	const struct binding *b = key_bindings(&count);

	for (size_t i = 0; i < count; i++) {
		char name[16];

		key_name(b[i].key, name, sizeof(name));
		ck_assert_msg(key_of_name(name) == b[i].key, "%s", name);
	}
}
END_TEST

/* Lines of the file made at random: whatever is taken, each safety command
 * has one key in review and tour. */
START_TEST(whatever_is_taken_is_safe)
{
	static const char *const modes[] = { "review", "tour", "everywhere",
					     "list", "edit" };
	static const enum review_mode where[] = { MODE_REVIEW, MODE_TOUR };
	static const enum command safe[] = { CMD_APPROVE, CMD_CLEAN,
					     CMD_BY_EYE };
	unsigned seed = 1;
	int passed = 0;

	for (int i = 0; i < 20000; i++) {
		char text[256] = "";
		struct keymap keys;
		struct error err;

		for (int line = 0; line < 3; line++) {
			size_t used = strlen(text);

			seed = seed * 1103515245u + 12345u;
			unsigned r = seed >> 8;

			snprintf(text + used, sizeof(text) - used,
				 "%s %s %s\n", modes[r % 5],
				 r / 5 % 3 ? r / 15 % 2 ? "Space" : "Z" : "^A",
				 command_info[r / 30 % 4 ? 1 + r / 120 % 3 :
					      1 + r / 120 %
					      (COMMAND_COUNT - 1)].word);
		}
		if (!parse(&keys, text, &err))
			continue;
		passed++;
		for (int k = 0; k < 6; k++) {
			int keys_of = 0;

			for (int key = 1; key <= KEY_OTHER; key++) {
				const struct binding *b = key < 128 ||
					key >= KEY_ARROW_UP ?
					key_find(&keys, where[k % 2], key) :
					NULL;

				key = key == 128 ? KEY_ARROW_UP - 1 : key;
				keys_of += b && b->command == safe[k / 2];
			}
			ck_assert_msg(keys_of == 1, "%d keys: %s", keys_of,
				      text);
		}
		keymap_done(&keys);
	}
	ck_assert_int_gt(passed, 20);
}
END_TEST

START_TEST(files)
{
	char folder[] = "/tmp/check_keyfile.XXXXXX", path[4096], file[64];
	struct keymap keys;
	struct error err = { 0 };
	bool there;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
	ck_assert(keyfile_load(&keys, path, sizeof(path), &there, &err));
	ck_assert(!there && !keys.binding);
	snprintf(file, sizeof(file), "%s/suminuri", folder);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	snprintf(file, sizeof(file), "%s/suminuri/keys", folder);
	FILE *out = fopen(file, "we");

	ck_assert_ptr_nonnull(out);
	fputs("review o undo\nreview p undo", out);
	fclose(out);
	ck_assert(keyfile_load(&keys, path, sizeof(path), &there, &err));
	ck_assert(there && keys.binding);
	ck_assert_str_eq(path, file);
	keymap_done(&keys);
	/* too large; then no file at all */
	ck_assert_int_eq(truncate(file, KEYFILE_MOST + 1), 0);
	ck_assert(!keyfile_load(&keys, path, sizeof(path), &there, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "the keys can't be read"));
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	err = (struct error){ 0 };
	ck_assert(!keyfile_load(&keys, path, sizeof(path), &there, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	rmdir(file);
	snprintf(file, sizeof(file), "%s/suminuri", folder);
	rmdir(file);
	rmdir(folder);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("keyfile");
	TCase *c = tcase_create("keyfile");

	tcase_add_loop_test(c, refused, 0, (int)ARRAY_LENGTH(bad));
	tcase_add_loop_test(c, taken, 0, (int)ARRAY_LENGTH(good));
	tcase_add_test(c, digits_and_hints);
	tcase_add_test(c, names);
	tcase_add_test(c, whatever_is_taken_is_safe);
	tcase_add_test(c, files);
	suite_add_tcase(s, c);
	return support_run(s);
}
