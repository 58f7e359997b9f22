/* model.c - letters and codes of a model; the likeliest text of a line. */
#include "config.h"

#include "ocr/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/letters.h"

enum {
	PART_NETWORK = 17, PART_LETTERS = 21, PART_CODES = 22, MOST_PARTS = 64,
	MOST_LETTERS = 65536,
	CODE_LENGTH = 9,                /* codes of one letter, at most */
	LETTER_SIZE = 24,               /* bytes of its UTF-8, with NUL */
	SPACE = 0,                      /* first of the letters */
	SPECIAL = 3,                    /* letters before the real ones */
	PATHS = 24,                     /* followed at a time */
	STRONG = 2, SOME = 5,           /* codes of a step looked at first */
};
/*
 * A letter costs the logarithm of its probability, and a little more.  The
 * confidence of a word, 100 times a power of its least sure letter, is the
 * library's on the mean of 1650 crops (that asks a dictionary; we have none).
 */
static const float offset = -.085f, least_cost = -9.f;
static const double sureness = .76;

/* A code and what it may be followed by; the first node is the start. */
struct node {
	int code;
	int letter;                     /* that ends here; -1 */
	int child, next;                /* nodes; 0 is none */
};

struct model {
	struct network *network;
	char (*letter)[LETTER_SIZE];
	int letters;
	struct node *node;
	size_t nodes, room;
	int blank;                      /* code of no letter */
	int (*code)[CODE_LENGTH];       /* [letters], of each; -1 behind */
	struct spell *spell;
};

void model_free(struct model *m)
{
	if (!m)
		return;
	network_free(m->network);
	free(m->letter);
	free(m->node);
	free(m->code);
	spell_free(m->spell);
	free(m);
}

/* ---- from bytes ---- */

static uint64_t number(const uint8_t *p, int bytes)
{
	uint64_t v = 0;

	for (int i = bytes - 1; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/* A part of the file; NULL when it is not there. */
static const uint8_t *part_of(const uint8_t *data, size_t size, int part,
			      size_t *length)
{
	uint64_t count = size >= 4 ? number(data, 4) : 0, at, end = size;

	if (count <= (uint64_t)part || count > MOST_PARTS ||
	    size < 4 + 8 * count)
		return NULL;
	at = number(data + 4 + 8 * part, 8);
	if (at >= size)
		return NULL;
	/* up to the next one that is there */
	for (uint64_t i = 0; i < count; i++) {
		uint64_t other = number(data + 4 + 8 * i, 8);

		if (other > at && other < end)
			end = other;
	}
	*length = (size_t)(end - at);
	return data + at;
}

/* Letters: their number, then a line each that begins with one. */
static bool read_letters(struct model *m, const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length;
	long count = 0;

	while (p < end && *p >= '0' && *p <= '9' && count < MOST_LETTERS)
		count = 10 * count + (*p++ - '0');
	m->letter = mem_array((size_t)count, sizeof(*m->letter));
	if (count <= SPECIAL || count >= MOST_LETTERS || !m->letter)
		return false;
	for (; m->letters < count; m->letters++) {
		const uint8_t *line = memchr(p, '\n', (size_t)(end - p)), *to;

		if (!line)
			return false;
		p = line + 1;
		to = memchr(p, ' ', (size_t)(end - p));
		if (!to || to - p >= LETTER_SIZE)
			return false;
		memcpy(m->letter[m->letters], p, (size_t)(to - p));
	}
	memcpy(m->letter[SPACE], " ", 2);
	return true;
}

/* The child of a node for a code, made when it is not there; 0: no memory. */
static int child_of(struct model *m, int parent, int code)
{
	int i = m->node[parent].child;

	while (i && m->node[i].code != code)
		i = m->node[i].next;
	if (i || !mem_grow(&m->node, &m->room, m->nodes, sizeof(*m->node)))
		return i;
	i = (int)m->nodes++;
	m->node[i] = (struct node){ code, -1, 0, m->node[parent].child };
	m->node[parent].child = i;
	return i;
}

/* Codes: a count, then of each letter a byte, a count, and that many. */
static bool read_codes(struct model *m, const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length;
	uint64_t count;

	if (length < 4 || !mem_grow(&m->node, &m->room, 0, sizeof(*m->node)))
		return false;
	m->node[m->nodes++] = (struct node){ .code = -1, .letter = -1 };
	count = number(p, 4);
	p += 4;
	m->code = mem_room((size_t)m->letters, sizeof(*m->code));
	if (!m->code)
		return false;
	memset(m->code, -1, (size_t)m->letters * sizeof(*m->code));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t n;
		int at = 0;

		if (end - p < 5)
			return false;
		n = number(p + 1, 4);
		p += 5;
		if (n < 1 || n > CODE_LENGTH || end - p < (ptrdiff_t)(4 * n))
			return false;
		for (uint64_t k = 0; k < n; k++, p += 4) {
			uint64_t code = number(p, 4);

			if (code >= (uint64_t)network_classes(m->network))
				return false;
			at = child_of(m, at, (int)code);
			if (!at)
				return false;
			if (i < (uint64_t)m->letters)
				m->code[i][k] = (int)code;
		}
		if (i == 1 || i == 2)   /* "Joined", "Broken": no letter */
			m->blank = m->node[at].code;
		else if (i < (uint64_t)m->letters)
			m->node[at].letter = (int)i;
	}
	return m->blank >= 0;
}

/* ---- spelling ---- */

/* Letters by their code point, as far as it is one below 10000 hex. */
struct points {
	const struct model *model;
	int letter[0x10000];            /* -1: none */
};

static int codes_of(const void *self, const char *letter, int *code, int room)
{
	const struct points *p = self;
	struct letters read;
	int n = 0, i;

	letters_decode(&read, letter);
	if (read.n != 1 || read.c[0] >= 0x10000)
		return 0;
	i = p->letter[read.c[0]];
	while (i >= 0 && n < CODE_LENGTH && n < room &&
	       p->model->code[i][n] >= 0) {
		code[n] = p->model->code[i][n];
		n++;
	}
	return n;
}

static struct spell *make_spell(const struct model *m)
{
	struct points *p = mem_room(1, sizeof(*p));
	struct spell *s;

	if (!p)
		return NULL;
	p->model = m;
	memset(p->letter, -1, sizeof(p->letter));
	for (int i = 0; i < m->letters; i++) {
		struct letters read;

		letters_decode(&read, m->letter[i]);
		if ((i == SPACE || i >= SPECIAL) && read.n == 1 &&
		    read.c[0] < 0x10000)
			p->letter[read.c[0]] = i;
	}
	s = spell_new(&(struct spell_letters){
		codes_of, p, network_classes(m->network), m->blank });
	free(p);
	return s;
}

struct model *model_read(const uint8_t *data, size_t size)
{
	static const int parts[] = { PART_NETWORK, PART_LETTERS, PART_CODES };
	struct model *m = calloc(1, sizeof(*m));
	const uint8_t *p[3];
	size_t length[3], used;

	if (!m)
		return NULL;
	m->blank = -1;
	for (int i = 0; i < 3; i++) {
		p[i] = part_of(data, size, parts[i], &length[i]);
		if (!p[i])
			goto fail;
	}
	m->network = network_read(p[0], length[0], &used);
	if (m->network && read_letters(m, p[1], length[1]) &&
	    read_codes(m, p[2], length[2]))
		m->spell = make_spell(m);
	if (m->spell)
		return m;
fail:
	model_free(m);
	return NULL;
}

/* ---- the likeliest text ---- */

/*
 * One way to read the steps so far.  Next to the code itself there are two
 * forms of it that share a step with the blank: one must be followed by the
 * code once more, the other must not be.
 */
enum form { PLAIN, AGAIN, LAST };

struct path {
	float score;
	float cost;                     /* of this step */
	int node;                       /* codes of a letter begun; 0: none */
	int code;                       /* of this step; -1 at the start */
	int letter;                     /* that it ends; -1 */
	bool repeated;
	enum form form;
	int from;                       /* path of the step before */
};

struct search {
	const struct model *model;
	const float *chance;            /* of the codes, in this step */
	uint8_t *turn;                  /* of the codes, in this step */
	struct path *path;              /* [steps][PATHS] */
	int count, before;              /* in this step, in the one before */
	const struct path *old;
	struct path *now;
};

static float cost_of(float chance)
{
	float v = chance > 0 ? logf(chance) : least_cost;

	return (v < least_cost ? least_cost : v) + offset;
}

static bool same_state(const struct path *a, const struct path *b)
{
	return a->node == b->node && a->code == b->code && a->form == b->form;
}

/* Keep a path, best first, if no better one is in its state. */
static void keep(struct search *s, struct path p, int from)
{
	int i = 0, end;

	p.from = from;
	if (p.cost < least_cost && p.code != s->model->blank)
		return;
	p.score = p.cost + (from >= 0 ? s->old[from].score : 0);
	while (i < s->count && s->now[i].score >= p.score) {
		if (same_state(&s->now[i], &p))
			return;
		i++;
	}
	for (end = i; end < s->count && !same_state(&s->now[end], &p);)
		end++;
	if (i == PATHS)
		return;
	if (end == PATHS)
		end--;
	s->count += end == s->count;
	memmove(s->now + i + 1, s->now + i,
		(size_t)(end - i) * sizeof(*s->now));
	s->now[i] = p;
}

/* The code of the step before goes on. */
static void go_on(struct search *s, int turn, int from)
{
	const struct path *o = &s->old[from];
	int blank = s->model->blank;
	struct path p = *o;

	if (s->turn[o->code] == turn) {
		p.repeated = true;
		if (o->form != LAST) {
			p.form = PLAIN;
			p.cost = cost_of(s->chance[o->code]);
			keep(s, p, from);
		}
		if (o->form == PLAIN && turn == 0 && o->code != blank) {
			p.form = LAST;
			p.cost = cost_of(s->chance[o->code] +
					 s->chance[blank]);
			keep(s, p, from);
		}
	}
	if (o->form != AGAIN && o->code != blank && o->node && turn == 0)
		/* between codes of one letter */
		keep(s, (struct path){ .node = o->node, .code = blank,
				       .letter = -1,
				       .cost = cost_of(s->chance[blank]) },
		     from);
}

/* A code that ends a letter, or that needs more (node). */
static void take_code(struct search *s, int turn, int from, int code,
		      int letter, int node)
{
	const struct path *o = from >= 0 ? &s->old[from] : NULL;
	int blank = s->model->blank;
	struct path p = { .node = node, .code = code, .letter = letter,
			  .cost = cost_of(s->chance[code]) };
	float chance = s->chance[code] + s->chance[blank];

	keep(s, p, from);
	if (turn || code == blank)
		return;
	/* where the two strongest of a step follow each other */
	if (o && o->form == PLAIN && o->code != blank &&
	    s->turn[o->code] == 0)
		chance += s->chance[o->code];
	p.form = AGAIN;
	p.cost = cost_of(chance);
	keep(s, p, from);
}

/* All codes of a turn that may follow a path (from -1: the start). */
static void extend(struct search *s, int turn, int from)
{
	const struct path *o = from >= 0 ? &s->old[from] : NULL;
	const struct node *node = s->model->node;
	int at = o ? o->node : 0;

	if (o) {
		go_on(s, turn, from);
		if (o->form == AGAIN)
			return;
	}
	for (int i = node[at].child; i; i = node[i].next) {
		int code = node[i].code;

		if (s->turn[code] != turn || (o && o->code == code))
			continue;
		if (node[i].letter >= 0 || (!at && code == s->model->blank))
			take_code(s, turn, from, code, node[i].letter, 0);
		if (node[i].child)
			take_code(s, turn, from, code, -1, i);
	}
}

/*
 * Codes are looked at in three turns: the strongest and the blank, some more,
 * the rest.
 */
static void set_turns(struct search *s, int classes)
{
	int best[SOME];                 /* likeliest codes, falling */

	for (int k = 0; k < SOME; k++)
		best[k] = -1;
	for (int i = 0; i < classes; i++) {
		int k = SOME;

		while (k > 0 && (best[k - 1] < 0 ||
				 s->chance[i] > s->chance[best[k - 1]]))
			k--;
		if (k == SOME)
			continue;
		memmove(best + k + 1, best + k,
			(size_t)(SOME - 1 - k) * sizeof(*best));
		best[k] = i;
	}
	memset(s->turn, 2, (size_t)classes);
	for (int k = 0; k < SOME; k++)
		if (best[k] >= 0)
			s->turn[best[k]] = k < STRONG ? 0 : 1;
	s->turn[s->model->blank] = 0;
}

/* Are there paths that any code may follow? */
static bool is_open(const struct search *s)
{
	for (int i = 0; i < s->count; i++)
		if (s->now[i].form == PLAIN)
			return true;
	return false;
}

/* Follow all paths over the steps. */
static bool follow(struct search *s, const float *chance, int steps)
{
	int classes = network_classes(s->model->network);

	s->count = 0;
	for (int t = 0; t < steps; t++) {
		s->chance = chance + (size_t)t * (size_t)classes;
		s->before = s->count;
		s->old = t ? s->path + (size_t)(t - 1) * PATHS : NULL;
		s->now = s->path + (size_t)t * PATHS;
		s->count = 0;
		set_turns(s, classes);
		for (int turn = 0; turn < 3 && !is_open(s); turn++) {
			if (!t)
				extend(s, turn, -1);
			for (int i = 0; i < s->before; i++)
				extend(s, turn, i);
		}
		if (!s->count)
			return false;
	}
	return true;
}

/* The best path that ends with a whole letter; [steps] of it. */
static bool trace(const struct search *s, int steps, const struct path **way)
{
	int at = 0;

	while (at < s->count && (s->now[at].form == AGAIN || s->now[at].node))
		at++;
	if (at == s->count)
		return false;
	for (int t = steps - 1; t >= 0; t--) {
		way[t] = &s->path[(size_t)t * PATHS + (size_t)at];
		at = way[t]->from;
	}
	return true;
}

/* ---- words ---- */

struct words {
	char *text;
	size_t size, length;
	double sum;                     /* of confidences */
	int count;
	float cost;                     /* of the word begun */
	float space;                    /* of the space before it */
	bool begun;
};

static void end_word(struct words *w, float space)
{
	float cost = w->cost;

	if (w->begun) {
		cost = cost < w->space ? cost : w->space;
		cost = cost < space ? cost : space;
		w->sum += 100 * exp(sureness * (double)cost);
		w->count++;
	}
	w->begun = false;
	w->space = space;
	w->cost = 0;
}

/* Kana, kanji and what is set with them: each letter is a word. */
static bool is_dense(const char *letter)
{
	const uint8_t *b = (const uint8_t *)letter;

	/* U+2E80 to U+A4CF, U+F900 to U+FAFF and half-width kana */
	return (b[0] == 0xe2 && b[1] >= 0xba) ||
	       (b[0] >= 0xe3 && b[0] <= 0xe9) ||
	       (b[0] == 0xea && b[1] <= 0x93) ||
	       (b[0] == 0xef && (b[1] == 0xa4 || b[1] == 0xab)) ||
	       b[0] == 0xf0;
}

static void add_text(struct words *w, const char *letter)
{
	size_t n = strlen(letter);

	if (w->length + n >= w->size)
		return;
	memcpy(w->text + w->length, letter, n + 1);
	w->length += n;
}

/* A letter, its cost, and the last one's kind. */
static void add_letter(struct words *w, const char *letter, float cost,
		       bool apart)
{
	if (!strcmp(letter, " ")) {
		end_word(w, cost);
	} else {
		if (apart)
			end_word(w, 0);
		w->cost = !w->begun || cost < w->cost ? cost : w->cost;
		w->begun = true;
	}
	add_text(w, letter);
}

/* A letter of the way and how sure it is. */
struct found {
	const char *letter;
	float cost;
	int from, to;                   /* steps, inclusive */
};

/* The letters of a way; blanks count to the letter after them, those before a
 * space and at the end to the one before. */
static int letters_of(const struct model *m, const struct path **way,
		      int steps, struct found *found)
{
	int n = 0;

	for (int t = 0; t < steps;) {
		float cost = 0;

		while (t < steps && way[t]->letter < 0)
			cost = fminf(cost, way[t++]->cost);
		if (n && (t == steps || way[t]->letter == SPACE)) {
			found[n - 1].cost = fminf(found[n - 1].cost, cost);
			cost = 0;
		}
		if (t == steps)
			break;
		found[n].letter = m->letter[way[t]->letter];
		found[n].from = t;
		do
			cost = fminf(cost, way[t++]->cost);
		while (t < steps && way[t]->letter >= 0 && way[t]->repeated);
		found[n].to = t - 1;
		found[n++].cost = cost;
	}
	return n;
}

static bool is_one_of(const char *letter, const char *list)
{
	return letter[0] && !letter[1] && strchr(list, letter[0]);
}

static enum symbol_form form_of(const char *letter)
{
	struct letters read;

	letters_read(&read, letter);
	if (read.n && letter_is_japanese(read.c[0]))
		return SYMBOL_DENSE;
	if (is_one_of(letter, "%/#"))
		return SYMBOL_TALL;
	/* a small TM, too: what smudges are read as */
	if (!read.n || letter[1] || !letter_is_word(read.c[0]))
		return SYMBOL_SIGN;
	return is_one_of(letter, "acegijmnopqrstuvwxyz") ? SYMBOL_LOW :
							    SYMBOL_TALL;
}

void symbol_look(struct symbol *s, const char *letter)
{
	s->form = (uint8_t)form_of(letter);
	s->hangs = is_one_of(letter, "gjpqyQ,;()[]{}|/$");
}

static struct symbol symbol_of(const struct found *f, int steps)
{
	struct symbol s = {
		.from = (uint16_t)(SYMBOLS_WHOLE * f->from / steps),
		.to = (uint16_t)(SYMBOLS_WHOLE * (f->to + 1) / steps),
		.doubt = (uint8_t)(100 -
				   100 * exp(sureness * (double)f->cost)) };

	symbol_look(&s, f->letter);
	return s;
}

static void put_symbols(const struct found *found, int n, int steps,
			struct symbols *out)
{
	out->count = 0;
	for (int i = 0; i < n; i++) {
		if (!strcmp(found[i].letter, " ")) {
			if (out->count)
				out->symbol[out->count - 1].spaced = true;
			continue;
		}
		if (out->count == SYMBOLS_MAX) {
			out->count = -1;
			return;
		}
		out->symbol[out->count++] = symbol_of(&found[i], steps);
	}
}

static void put_text(const struct model *m, const struct path **way,
		     int steps, struct found *found, struct words *w,
		     struct symbols *symbols)
{
	int n = letters_of(m, way, steps, found);

	if (symbols)
		put_symbols(found, n, steps, symbols);
	for (int i = 0; i < n; i++)
		add_letter(w, found[i].letter, found[i].cost,
			   i && (is_dense(found[i].letter) ||
				 is_dense(found[i - 1].letter)));
	end_word(w, 0);
}

bool model_line(const struct model *m, const struct crop *crop, char *text,
		size_t size, int *confidence, struct symbols *symbols,
		struct error *err)
{
	return model_line_spelled(m, crop, text, size, confidence, symbols,
				  NULL, err);
}

bool model_line_spelled(const struct model *m, const struct crop *crop,
			char *text, size_t size, int *confidence,
			struct symbols *symbols, struct spelled *spelled,
			struct error *err)
{
	int steps;
	float *chance = network_run(m->network, crop, &steps);
	struct search s = { .model = m };
	struct words w = { .text = text, .size = size };
	const struct path **way = mem_array((size_t)steps, sizeof(*way));
	struct found *found = mem_array((size_t)steps, sizeof(*found));
	bool ok;

	s.turn = mem_array((size_t)network_classes(m->network), 1);
	text[0] = '\0';
	if (symbols)
		symbols->count = 0;
	s.path = mem_array3((size_t)steps, PATHS, 1, sizeof(*s.path));
	ok = !steps || (chance && way && found && s.path && s.turn);
	if (ok && steps && follow(&s, chance, steps) && trace(&s, steps, way))
		put_text(m, way, steps, found, &w, symbols);
	*confidence = w.count ? (int)(w.sum / w.count) : 0;
	if (spelled)
		*spelled = (struct spelled){ .weight = 0 };
	if (spelled && chance)
		ok = spell_line(m->spell, chance, steps, spelled) && ok;
	free(chance);
	free(s.path);
	free(s.turn);
	free(way);
	free(found);
	return ok || error_set(err, ERR_MEMORY, _("no memory to read a line"));
}
