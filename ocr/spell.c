/* spell.c - tokens passed over the codes of the words that are harmless. */
#include "config.h"

#include "ocr/spell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ocr/words.h"

enum { MOST_CODES = 9, LETTER_BYTES = 5 };

/* A code is never less likely. */
static const float least_chance = 4.5e-5f;
/* Logarithms, of a text of one share: a gap, and paths, that count for
 * nothing; for all. */
static const double most_gap = 5, worst_path = -12, good_path = -4;
/* Letters of such a share: a longer text may be further off.  A kanji is one
 * that nothing else is taken for. */
static const double latin_share = 4, dense_share = 1;
/* While the text is not known, none has more, and each takes some steps. */
static const double most_shares = 5, share_steps = 8;
/* And what falls so far behind the best is dropped. */
static const double beam = 8;
/* A capital and a small letter together may be likelier than either. */
static const double slack = .7;

enum ending { INSIDE, LATIN, DENSE, NUMBER, SIGN, SPACE };

/* A code of a letter of a word; the first node is the start. */
struct node {
	int code, other;                /* of the small letter; -1 */
	int child, next;                /* nodes; 0 is none */
	enum ending ending;             /* of the word that ends here */
	char letter[LETTER_BYTES];      /* that ends here; "" */
};

/* A letter of a path. */
struct record {
	int before;                     /* letter before it; -1 */
	int node;
	int step;                       /* in which it starts */
	float lag;                      /* of the path behind the likeliest
					   codes, up to its end (logarithm) */
	bool small;
};

struct token {
	float score;
	int record;                     /* last whole letter; -1 */
	int start;                      /* step in which this one starts */
	unsigned put;                   /* time when it was */
	int left;                       /* code it was on; -1: a blank */
	bool small;
};

struct spell {
	struct node *node;
	size_t nodes, room;
	struct spell_letters letters;   /* self: while it is made only */
	bool failed;
	/* of the line in hand; each node has two states: on its code, and on
	 * a blank behind it */
	struct token *token[2];         /* [states], of this step and before */
	int *state[2];                  /* [states] that have one */
	struct record *record;
	size_t records, records_room;
	unsigned time;                  /* steps of all lines */
};

void spell_free(struct spell *s)
{
	if (!s)
		return;
	for (int i = 0; i < 2; i++) {
		free(s->token[i]);
		free(s->state[i]);
	}
	free(s->record);
	free(s->node);
	free(s);
}

/* ---- the words ---- */

/* The child of a node for a code, made when it is not there; 0: no memory. */
static int child_of(struct spell *s, int parent, int code, int other)
{
	int i = s->node[parent].child;

	while (i && (s->node[i].code != code || s->node[i].other != other))
		i = s->node[i].next;
	if (i)
		return i;
	s->failed = s->failed || !mem_grow(&s->node, &s->room, s->nodes,
					   sizeof(*s->node));
	if (s->failed)
		return 0;
	i = (int)s->nodes++;
	s->node[i] = (struct node){ .code = code, .other = other,
				    .next = s->node[parent].child };
	s->node[parent].child = i;
	return i;
}

static size_t bytes_of(const char *letter)
{
	unsigned char c = (unsigned char)*letter;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static int codes_of(const struct spell *s, const char *letter, int *code)
{
	return s->letters.codes(s->letters.self, letter, code, MOST_CODES);
}

/* The node of the last code of the letter behind a node; 0: it has none. */
static int add_letter(struct spell *s, int at, const char *from)
{
	char letter[LETTER_BYTES] = "", small[2] = "";
	int code[MOST_CODES], other[MOST_CODES] = { -1 }, n;

	memcpy(letter, from, bytes_of(from));
	n = codes_of(s, letter, code);
	if (n == 1 && is_capital(letter[0])) {
		small[0] = (char)(letter[0] - 'A' + 'a');
		if (codes_of(s, small, other) != 1)
			other[0] = -1;
	}
	for (int i = 0; i < n; i++) {
		at = child_of(s, at, code[i], other[0]);
		if (!at)
			return 0;
	}
	if (n)
		memcpy(s->node[at].letter, letter, sizeof(letter));
	return n ? at : 0;
}

static void add(struct spell *s, const char *word, enum ending ending)
{
	int at = 0;

	for (const char *p = word; *p; p += bytes_of(p)) {
		at = add_letter(s, at, p);
		if (!at)
			return;
	}
	s->node[at].ending = ending;
}

static void add_known(void *self, const char *word)
{
	add(self, word, (unsigned char)word[0] < 0x80 ? LATIN : DENSE);
}

static void make_room(struct spell *s)
{
	for (int i = 0; i < 2; i++) {
		s->token[i] = mem_array(2 * s->nodes, sizeof(**s->token));
		s->state[i] = mem_array(2 * s->nodes, sizeof(**s->state));
		s->failed = s->failed || !s->token[i] || !s->state[i];
	}
}

struct spell *spell_new(const struct spell_letters *letters)
{
	static const char digits[] = "0123456789", signs[] = ":.-+/%()[]";
	struct spell *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->letters = *letters;
	s->failed = !mem_grow(&s->node, &s->room, 0, sizeof(*s->node));
	if (!s->failed) {
		s->node[s->nodes++] = (struct node){ .code = -1, .other = -1 };
		words_each(add_known, s);
		for (const char *c = digits; *c; c++)
			add(s, (char[]){ *c, 0 }, NUMBER);
		for (const char *c = signs; *c; c++)
			add(s, (char[]){ *c, 0 }, SIGN);
		add(s, " ", SPACE);
		make_room(s);
	}
	s->letters.self = NULL;
	if (!s->failed)
		return s;
	spell_free(s);
	return NULL;
}

/* ---- passing tokens ---- */

struct pass {
	struct spell *s;
	const float *chance;            /* of the codes, in this step */
	struct token *now, *old;        /* [states] */
	int *state, *old_state;
	int count, old_count;
	int step;
	float least, best, blank;       /* what is worse than least is dropped */
	double likeliest;               /* of all codes, up to this step */
	double shares;                  /* that the line may have */
	/* the best that end a word: a Latin one, another; on its code, on a
	 * blank.  What follows does so on them alone. */
	struct token end[2][2];
	bool failed;
};

static float log_of(float chance)
{
	return logf(chance < least_chance ? least_chance : chance);
}

static float chance_of(const struct pass *p, const struct node *n)
{
	return p->chance[n->code] + (n->other >= 0 ? p->chance[n->other] : 0);
}

static bool is_small(const struct pass *p, const struct node *n)
{
	return n->other >= 0 && p->chance[n->other] > p->chance[n->code];
}

static void put(struct pass *p, int state, struct token t)
{
	struct token *here = &p->now[state];
	unsigned now = p->s->time;

	if (t.score < p->least || (here->put == now && here->score >= t.score))
		return;
	if (here->put != now)
		p->state[p->count++] = state;
	t.put = now;
	*here = t;
	p->best = fmaxf(p->best, t.score);
}

static int add_record(struct pass *p, const struct token *t, int node)
{
	struct spell *s = p->s;

	if (p->failed || !mem_grow(&s->record, &s->records_room, s->records,
				   sizeof(*s->record))) {
		p->failed = true;
		return -1;
	}
	s->record[s->records] = (struct record){
		t->record, node, t->start,
		(float)(p->likeliest - t->score), t->small };
	return (int)s->records++;
}

/*
 * Go on to the children of a node, but not to the code that is left (it would
 * need a blank between), nor from one Latin word to another.
 */
static void enter(struct pass *p, int parent, const struct token *t,
		  bool apart)
{
	const struct node *node = p->s->node;
	float least = expf(p->least - t->score);

	for (int i = node[parent].child; i; i = node[i].next) {
		struct token next = *t;
		float chance = chance_of(p, &node[i]);

		if (node[i].code == t->left ||
		    fmaxf(chance, least_chance) < least ||
		    (apart && is_capital(node[i].letter[0])))
			continue;
		next.score += log_of(chance);
		if (t->start == p->step)
			next.small = is_small(p, &node[i]);
		put(p, 2 * i, next);
	}
}

/* A word has ended: another may follow. */
static void end_word(struct pass *p, const struct token *t, bool latin)
{
	struct token *best = &p->end[latin][t->left < 0];

	if (best->put != p->s->time || best->score < t->score) {
		*best = *t;
		best->put = p->s->time;
	}
}

static void go_on(struct pass *p, int state)
{
	struct token t = p->old[state], same = t, blank = t;
	int at = state / 2;
	const struct node *node = &p->s->node[at];

	t.left = state % 2 ? -1 : node->code;
	if (state % 2 == 0) {
		same.score += log_of(chance_of(p, node));
		put(p, state, same);
	}
	blank.score += p->blank;
	put(p, 2 * at + 1, blank);
	if (node->letter[0])
		t.record = add_record(p, &t, at);
	if (node->letter[0] || !at)
		t.start = p->step;
	enter(p, at, &t, false);
	if (node->ending)
		end_word(p, &t, node->ending == LATIN);
}

static void begin(struct pass *p)
{
	struct token t = { .record = -1, .left = -1 };

	enter(p, 0, &t, false);
	t.score = p->blank;
	put(p, 1, t);
}

/* likeliest: of all codes, with those of this step. */
static void one_step(struct pass *p, double likeliest)
{
	struct token *old = p->now;
	int *states = p->state;

	p->now = p->old;
	p->old = old;
	p->state = p->old_state;
	p->old_state = states;
	p->old_count = p->count;
	p->count = 0;
	p->least = (float)fmax(fmax(p->shares * worst_path, p->best - beam),
			       likeliest - p->shares * most_gap - slack);
	p->best = p->least;
	p->s->time++;
	p->blank = log_of(p->chance[p->s->letters.blank]);
	if (!p->step)
		begin(p);
	for (int i = 0; i < p->old_count; i++)
		go_on(p, p->old_state[i]);
	for (int i = 0; i < 4; i++)
		if (p->end[i / 2][i % 2].put == p->s->time)
			enter(p, 0, &p->end[i / 2][i % 2], i / 2);
}

/* ---- the text ---- */

static void put_letter(const struct pass *p, const struct record *r, int steps,
		       struct spelled *out)
{
	const struct node *n = &p->s->node[r->node];
	double gap = r->lag - (r->before < 0 ? 0 :
					       p->s->record[r->before].lag);
	size_t length = strlen(out->text);
	struct symbol *symbol = &out->symbols.symbol[out->symbols.count];

	memcpy(out->text + length, n->letter, strlen(n->letter) + 1);
	if (r->small)
		out->text[length] = (char)(n->letter[0] - 'A' + 'a');
	if (n->ending == SPACE) {
		if (out->symbols.count)
			symbol[-1].spaced = true;
		return;
	}
	*symbol = (struct symbol){
		.from = (uint16_t)(SYMBOLS_WHOLE * r->step / steps),
		.to = (uint16_t)(SYMBOLS_WHOLE * (r->step + 1) / steps),
		.doubt = (uint8_t)(100 * (1 - exp(-fmax(0, gap)))) };
	symbol_look(symbol, out->text + length);
	out->symbols.count++;
}

/* What leads to a letter; nothing when it is too long. */
static void put_text(const struct pass *p, int record, int steps,
		     struct spelled *out)
{
	int letter[SYMBOLS_MAX], n = 0;
	size_t bytes = 0;

	for (; record >= 0 && n < SYMBOLS_MAX;
	     record = p->s->record[record].before) {
		const struct record *r = &p->s->record[record];

		bytes += strlen(p->s->node[r->node].letter);
		letter[n++] = record;
	}
	if (record >= 0 || bytes >= sizeof(out->text))
		return;
	while (n--)
		put_letter(p, &p->s->record[letter[n]], steps, out);
}

/* The best state of the last step in which a word ends; -1. */
static int last_state(const struct pass *p)
{
	int best = -1;

	for (int i = 0; i < p->count; i++) {
		int at = p->state[i];
		enum ending e = p->s->node[at / 2].ending;

		if (e && e != SPACE &&
		    (best < 0 || p->now[at].score > p->now[best].score))
			best = at;
	}
	return best;
}

/* How many shares the text has, 1 and on: kana and kanji, where they are half
 * of it as Latin letters go, count each for one. */
static double shares_of(const struct symbols *s)
{
	int dense = 0, latin = 0;

	for (int i = 0; i < s->count; i++) {
		dense += s->symbol[i].form == SYMBOL_DENSE;
		latin += s->symbol[i].form == SYMBOL_TALL ||
			 s->symbol[i].form == SYMBOL_LOW;
	}
	if (2 * dense >= latin)
		return fmin(most_shares, fmax(1, dense / dense_share +
							 latin / 2.));
	return fmin(most_shares, fmax(1, (2 * dense + latin) / latin_share));
}

static int weight_of(double score, double free_score, double shares)
{
	double gap = fmax(0, free_score - score) / shares;
	double part = (score / shares - worst_path) /
		      (good_path - worst_path);

	return (int)(SPELLED_WHOLE / most_gap * fmax(0, most_gap - gap) *
		     fmax(0, fmin(1, part)));
}

static float most_of(const float *chance, int n)
{
	float most = 0;

	for (int i = 0; i < n; i++)
		most = chance[i] > most ? chance[i] : most;
	return most;
}

static void pass_tokens(struct pass *p, const float *chance, int steps,
			struct spelled *out)
{
	int classes = p->s->letters.classes, at;

	for (p->step = 0; p->step < steps; p->step++) {
		double likeliest;

		p->chance = chance + (size_t)p->step * (size_t)classes;
		likeliest = p->likeliest + log_of(most_of(p->chance, classes));
		one_step(p, likeliest);
		p->likeliest = likeliest;
		if (!p->count)
			return;
	}
	at = last_state(p);
	if (at < 0)
		return;
	put_text(p, add_record(p, &p->now[at], at / 2), steps, out);
	if (p->failed)
		out->text[0] = '\0';
	out->weight = weight_of(p->now[at].score, p->likeliest,
				shares_of(&out->symbols));
}

bool spell_line(struct spell *s, const float *chance, int steps,
		struct spelled *out)
{
	struct pass p = {
		.s = s, .now = s->token[0], .old = s->token[1],
		.state = s->state[0], .old_state = s->state[1],
		.shares = fmin(most_shares, fmax(1, steps / share_steps)) };

	*out = (struct spelled){ .weight = 0 };
	s->records = 0;
	pass_tokens(&p, chance, steps, out);
	return !p.failed;
}
