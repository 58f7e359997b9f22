/* vocabulary.c - the reader of a user's words. */
#include "config.h"

#include "base/vocabulary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

void vocabulary_done(struct vocabulary *v)
{
	free(v->entry);
	*v = (struct vocabulary){ 0 };
}

/* Length of the well-formed UTF-8 character at s (RFC 3629); 0 if none. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
	size_t more = s[0] < 0x80 ? 0 : s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : 1;

	if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4 || more >= left)
		return 0;
	for (size_t i = 1; i <= more; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return more + 1;
}

/* Only UTF-8 without control characters? */
static bool is_text(const char *s, size_t length)
{
	const unsigned char *at = (const unsigned char *)s;

	while (length) {
		size_t n = utf8_length(at, length);

		if (!n || (n == 1 && ((*at < ' ' && *at != '\t') ||
				      *at == 0x7f)))
			return false;
		at += n;
		length -= n;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One line without its end; *what is wrong with it, or NULL. */
static bool parse_line(const char *s, size_t n, struct vocabulary *v,
		       const char **what)
{
	static const char *const side[] = { "benign", "identifier" };
	size_t first = 0;
	int i;

	*what = NULL;
	while (n && is_blank(s[n - 1]))
		n--;
	for (; n && is_blank(*s); n--)
		s++;
	if (!n || *s == '#')
		return true;
	while (first < n && !is_blank(s[first]))
		first++;
	for (i = 0; i < 2; i++)
		if (first == strlen(side[i]) && !memcmp(s, side[i], first))
			break;
	for (s += first, n -= first; n && is_blank(*s); n--)
		s++;
	if (i == 2 || !n)
		*what = N_("'identifier WORD' or 'benign WORD' is needed");
	else if (!is_text(s, n))
		*what = N_("it is not UTF-8");
	else if (n >= VOCABULARY_WORD || v->count >= VOCABULARY_WORDS)
		*what = N_("that is too much");
	if (*what)
		return false;
	if (!mem_grow(&v->entry, &v->capacity, v->count, sizeof(*v->entry)))
		return false;
	v->entry[v->count] = (struct vocabulary_entry){ .identifier = i == 1 };
	memcpy(v->entry[v->count++].word, s, n);
	return true;
}

bool vocabulary_parse(const char *text, size_t length, struct vocabulary *v,
		      struct error *err)
{
	size_t at = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	for (long line = 1; at < length; line++) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t n = end ? (size_t)(end - text) - at : length - at;
		size_t shown = n && text[at + n - 1] == '\r' ? n - 1 : n;
		const char *what;

		if (!parse_line(text + at, shown, v, &what))
			return what ? error_set(err, ERR_USAGE,
						_("line %ld: %s"), line,
						_(what)) :
				      error_set(err, ERR_MEMORY,
						_("no memory for words"));
		at += n + 1;
	}
	return true;
}

static bool read_whole(int fd, struct buffer *text, struct error *err)
{
	char part[4096];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, ERR_USAGE, "%s",
					 strerror(errno));
		buffer_append(text, part, (size_t)n);
		if (text->failed)
			return error_set(err, ERR_MEMORY,
					 _("no memory for words"));
		if (text->length > VOCABULARY_FILE)
			return error_set(err, ERR_USAGE,
					 _("a list of words has at most 1 MiB"));
	}
	return true;
}

bool vocabulary_read(const char *path, struct vocabulary *v,
		     struct buffer *text, struct error *err)
{
	struct buffer own = { 0 }, *into = text ? text : &own;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool ok;

	if (fd < 0)
		return error_set(err, ERR_USAGE, _("%s can't be read: %s"),
				 path, strerror(errno));
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ?
		     read_whole(fd, into, err) :
		     error_set(err, ERR_USAGE, _("it is no regular file"));
	close(fd);
	ok = ok && vocabulary_parse(into->data ? into->data : "",
				    into->length, v, err);
	buffer_done(&own);
	return ok;
}
