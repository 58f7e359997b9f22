/* text.c - joins views, lines, reading and judging into one detector. */
#include "config.h"

#include "ocr/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/alone.h"
#include "ocr/beside.h"
#include "ocr/bits.h"
#include "ocr/clear.h"
#include "ocr/cleared.h"
#include "ocr/complete.h"
#include "ocr/context.h"
#include "ocr/crowd.h"
#include "ocr/doubles.h"
#include "ocr/ends.h"
#include "ocr/framed.h"
#include "ocr/gather.h"
#include "ocr/held.h"
#include "ocr/identifier.h"
#include "ocr/letters.h"
#include "ocr/lines.h"
#include "ocr/looks.h"
#include "ocr/reading.h"
#include "ocr/shapes.h"
#include "ocr/slips.h"
#include "ocr/smooth.h"
#include "ocr/squared.h"
#include "ocr/tesseract.h"
#include "ocr/tier.h"
#include "ocr/tophat.h"
#include "ocr/track.h"
#include "ocr/trim.h"
#include "ocr/views.h"
#include "ocr/words.h"
#include "ocr/source_hash.inc"

enum {
	PAD = 2,                /* pixels around a line in its box */
	READABLE = 60,
	LOSSY_LEVELS = 40, EXACT_LEVELS = 8,    /* measured */
	FRAME_READS = 150,      /* lines of one frame that are read */
	LATER_READS = 12,       /* weak ones of each further frame */
	SURE_READS = 2400,      /* sure ones of all further frames */
	JUDGE_EVERY = TRACK_MEMORY / 2,         /* frames */
	AGAIN_CONFIDENCE = 30,  /* of a line that is read once more ... */
	AGAIN_LONG = 12,        /* ... and how many times as long as high */
	LOOK_LONG = 11,         /* the same of one that is looked at anew */
	LOOK_WIDE = 7,          /* from here on, or when it was read ... */
	SURE_TEXT = 85,         /* ... as surely, near to something harmless */
	LOOKS = 240,            /* of a picture, in all; one that moves has the
				   time for none */
	FIRST_LOOKS = 3,        /* more only when they are spelled as something */
	SPELLED_AS = 80,        /* confidence of what looks are spelled as */
	NOISE_FLOOR = 24,       /* levels above (below) the surroundings */
	PILE_HELD = 40,         /* percent of a box that lines in it fill */
	PILE_LOWER = 70,        /* percent of its height that they have */
};
/*
 * Shape scores from which a line is read; down takes more attempts.  In a
 * later frame a weaker new one waits until it stands in a second frame, and a
 * sure one is read at once.
 */
static const double read_from = 0, read_down_from = 1;
static const double read_new_from = 2, read_sure_from = 4;
/* That of a line that is read once more, and of one looked at anew. */
static const double again_from = 6, look_from = 4;
/* From where on a line is rather printed than written by hand. */
static const double print_from = 4;

/*
 * What load() made and run() uses: the detector table hands nothing from one
 * to the other, and a worker inherits it from the process it is forked from.
 */
static struct readers *readers;
static struct words_user user;
static char version[80];                /* of sources, library and words */

/* The words of the user and what names them in the version. */
static bool load_words(const char *path, struct error *err)
{
	struct vocabulary v = { 0 };
	struct buffer text = { 0 };
	uint8_t digest[HASH_SIZE];
	char hex[2 * 4 + 1] = "none";
	bool ok = true;

	words_user_done(&user);
	if (path[0])
		ok = (vocabulary_read(path, &v, &text, err) &&
		      words_user_take(&user, &v, err)) ||
		     error_prefix(err, "--words");
	if (ok && text.length && hash_bytes(text.data, text.length, digest))
		hash_hex(digest, 4, hex);
	snprintf(version, sizeof(version), "%s rules %s words %s",
		 readers_library(), SOURCE_HASH, hex);
	buffer_done(&text);
	vocabulary_done(&v);
	return ok;
}

bool text_load(const struct detect_options *options, struct error *err)
{
	readers_free(readers);
	readers = readers_new(options->languages, err);
	return readers && load_words(options->words, err);
}

const char *text_version(void)
{
	return version;
}

/* One run over a file. */
struct job {
	struct image *image;
	const struct image_info *info;
	const struct detect_options *options;
	const struct detect_progress *progress;
	struct proposals *proposals;
	struct header *header;
	struct line_reader reader;
	struct tier_hints hints;
	struct judgement unread;        /* of a line without text */
	struct track_list tracks;
	const struct line_list *lines;  /* of the frame and plane in hand */
	struct telling following;       /* hears of the tracks */
	int frame;                      /* being read */
	bool later;                     /* it is not the first of its plane */
	int reads, sure_reads;          /* left in this frame, in all */
	int looks;                      /* left in this picture */
	struct box_list far;            /* how far faint ink may go on */
	/* in the frame before: of its picture or overlay, of its bits */
	struct shape_list shapes[2];
	struct complete_memory whole[2];        /* lines of these */
};

static void tell(const struct job *j, double share)
{
	double done = (j->frame + share) / j->info->frames;

	if (j->progress)
		j->progress->tell(j->progress->self,
				  (int)(1000 * fmin(done, 1)));
}

static void tell_looking(const void *self)
{
	tell(self, .25);
}

static void tell_following(const void *self)
{
	tell(self, .5);
}

/* ---- header ---- */

struct header_visit {
	struct header *header;
	struct error *err;
	bool ok;
};

static bool add_attribute(void *self, const char *path, const char *vr,
			  const char *value)
{
	const struct header_attribute *a = header_attribute_of(path, vr);
	struct header_visit *v = self;

	v->ok = !a || header_add(v->header, a, value, v->err);
	return v->ok;
}

static struct header *read_header(const struct image *image, struct error *err)
{
	struct header_visit v = { header_new(err), err, true };

	if (!v.header)
		return NULL;
	header_words(v.header, &user);
	image_each_text(image, add_attribute, &v);
	if (v.ok)
		return v.header;
	header_free(v.header);
	return NULL;
}

/* ---- reading ---- */

static bool read_track(struct job *j, const struct views *views,
		       struct track *t, struct reading *second,
		       struct error *err)
{
	struct grey_plane p = views_plane(views, t->view);

	if (!reading_line(&j->reader, &p, &t->line, &t->reading, second, err))
		return false;
	t->read = true;
	tell_following(j);
	return true;
}

static int line_across(const struct line *l)
{
	return l->vertical ? region_width(l->box) : region_height(l->box);
}

/*
 * Are better and lower lines much of it?  Each of them is read by itself, and
 * no reader makes sense of two at once; by its shape it is masked anyway.
 */
static bool is_pile(const struct job *j, const struct line *pile)
{
	long long held = 0;
	int holders = 0;

	for (size_t i = 0; j->lines && i < j->lines->count; i++) {
		const struct line *l = &j->lines->line[i];
		struct region common = region_intersect(l->box, pile->box);

		if (l->score <= pile->score || l->vertical != pile->vertical ||
		    100 * line_across(l) > PILE_LOWER * line_across(pile) ||
		    region_empty(common))
			continue;
		held += region_area(common);
		holders++;
	}
	return pile->score > read_sure_from && holders >= 2 &&
	       100 * held >= PILE_HELD * region_area(pile->box);
}

/* May the line be read in this frame?  *waits: in the next that shows it. */
static bool may_read(struct job *j, const struct track *t, bool *waits)
{
	double score = t->line.score;
	bool sure = score > read_sure_from;

	*waits = false;
	if (score <= (t->line.vertical ? read_down_from : read_from) ||
	    is_pile(j, &t->line))
		return false;
	if (j->later && !t->waits && score <= read_new_from)
		*waits = true;
	else if (j->reads > 0)
		j->reads--;
	else if (j->later && sure && j->sure_reads > 0)
		j->sure_reads--;
	else
		*waits = true;
	return !*waits;
}

/* Does any other view show something else in the box? */
static bool look_else(const struct views *views, const struct line *line,
		      const struct symbols *symbols, enum alone *alone,
		      struct error *err)
{
	struct grey_plane own = views_plane(views, line->view);
	bool hidden = false;

	for (int i = 0; i < views->count && !hidden; i++) {
		struct grey_plane other = views_plane(views, i);

		if (i != line->view &&
		    !alone_look_else(&own, &other, line, symbols, &hidden,
				     err))
			return false;
	}
	if (hidden)
		*alone = ALONE_DOUBTED;
	return true;
}

/*
 * Judge a reading; what is benign by its words also by its pixels: is there
 * anything else?
 */
static bool judge_reading(const struct job *j, const struct views *views,
			  const struct line *line, const struct reading *r,
			  struct judgement *judgement, struct error *err)
{
	int along = region_width(line->box), high = region_height(line->box);
	struct grey_plane p = views_plane(views, line->view);
	enum alone alone;

	identifier_judge_alone(j->header, r->text, r->confidence, judgement);
	if (judgement->kind == KIND_BENIGN &&
	    slips_have_slight(r->text, &r->symbols))
		identifier_doubt_pixels(judgement, r->confidence);
	if (judgement->kind == KIND_BENIGN) {
		if (!alone_look(&p, line, &r->symbols, j->lines, &alone, err))
			return false;
		if (alone == ALONE_PROVED &&
		    !look_else(views, line, &r->symbols, &alone, err))
			return false;
		if (alone == ALONE_UNKNOWN)
			identifier_judge(j->header, r->text, r->confidence,
					 judgement);
		else if (alone == ALONE_DOUBTED)
			identifier_doubt_pixels(judgement, r->confidence);
	}
	identifier_doubt(judgement, r->text, line->vertical ? high : along,
			 line->vertical ? along : high);
	identifier_doubt_marks(judgement, r->text, r->confidence,
			       line->marks);
	return true;
}

/* Nothing is known of what was read. */
static bool is_unknown(const struct track *t)
{
	return (t->judgement.kind == KIND_TEXT ||
		t->judgement.kind == KIND_UNREADABLE) && !t->judgement.label;
}

/* Has a reading lost letters of a surer one? */
static bool lost_letters(const struct reading *r, const struct reading *from)
{
	struct letters read, text, surer;

	letters_read(&read, r->text);
	letters_compact(&read, &text);
	letters_read(&read, from->text);
	letters_compact(&read, &surer);
	return r->confidence < from->confidence && looks_lost(&text, &surer);
}

/* Take another reading when it is harmless and the better one, of which
 * nothing is known, but a slip of it. */
static bool take_benign(const struct job *j, const struct views *views,
			struct track *t, const struct reading *other,
			bool *taken, struct error *err)
{
	struct judgement judgement;

	*taken = false;
	if (!other->text[0] || !reading_slipped(&t->reading, other) ||
	    lost_letters(other, &t->reading))
		return true;
	if (!judge_reading(j, views, &t->line, other, &judgement, err))
		return false;
	*taken = judgement.kind == KIND_BENIGN;
	if (*taken) {
		t->reading = *other;
		t->judgement = judgement;
	}
	return true;
}

/* Is it worth one more look: near to what would be harmless? */
static bool may_be_benign(const struct track *t, const struct reading *second)
{
	struct region r = t->line.box;
	struct letters read;

	if (t->line.vertical || t->line.score <= again_from ||
	    t->reading.confidence < AGAIN_CONFIDENCE ||
	    region_width(r) > AGAIN_LONG * region_height(r))
		return false;
	letters_read(&read, t->reading.text);
	if (words_nearly(&read))
		return true;
	letters_read(&read, second->text);
	return words_nearly(&read);
}

/* Other readings of a line of which nothing is known: that of another model,
 * and at other widths. */
static bool judge_again(struct job *j, const struct views *views,
			struct track *t, const struct reading *second,
			struct error *err)
{
	struct grey_plane p = views_plane(views, t->view);
	struct reading again;
	bool taken = false;

	if (!is_unknown(t))
		return true;
	if (!take_benign(j, views, t, second, &taken, err))
		return false;
	if (taken || !may_be_benign(t, second))
		return true;
	for (int k = 0; !taken && k < READING_AGAINS; k++)
		if (!reading_again(&j->reader, &p, &t->line, k, &again, err) ||
		    !take_benign(j, views, t, &again, &taken, err))
			return false;
	return true;
}

/* ---- a line looked at anew ---- */

/* A line that is looked at. */
struct sight {
	struct track *track;
	const struct views *views;
	struct looks seen;
	struct reading *hope;           /* harmless, but for its pixels; "" */
	bool taken;                     /* one is harmless */
	bool telling;                   /* one tells of somebody */
};

/* See one more reading.  False when it is nothing. */
static bool see(const struct job *j, struct sight *s, const struct reading *r)
{
	struct judgement judgement;

	if (!looks_add(&s->seen, r->text, r->confidence))
		return false;
	identifier_judge(j->header, r->text, r->confidence, &judgement);
	s->telling = s->telling || judgement.kind == KIND_IDENTIFIER;
	return true;
}

static bool is_word(const struct judgement *j)
{
	return j->kind == KIND_BENIGN && strcmp(j->why, "benign:number") != 0;
}

/* Keep a reading that is harmless by its words. */
static void keep_hope(const struct job *j, const struct reading *r,
		      struct reading *hope)
{
	struct judgement judgement;

	identifier_judge_alone(j->header, r->text, SPELLED_AS, &judgement);
	if (is_word(&judgement))
		*hope = *r;
}

/* Take a reading as sure as that, when it is harmless by its words and
 * pixels. */
static bool take_as(const struct job *j, struct sight *s,
		    const struct reading *look, int confidence,
		    struct error *err)
{
	struct reading judged = *look;
	struct judgement judgement;

	judged.confidence = confidence;
	if (!judge_reading(j, s->views, &s->track->line, &judged, &judgement,
			   err))
		return false;
	s->taken = is_word(&judgement);
	if (s->taken) {
		s->track->reading = *look;
		s->track->judgement = judgement;
	} else {
		keep_hope(j, look, s->hope);
	}
	return true;
}

/* Take the last of the readings, by what the others say. */
static bool take_look(const struct job *j, struct sight *s,
		      const struct reading *look, struct error *err)
{
	int sure = looks_sureness(&s->seen, look->text,
				  look->symbols.count > 0);

	return sure < 0 || take_as(j, s, look, sure, err);
}

/* Take what a look is spelled as, when that is sure by now. */
static bool take_spelled(const struct job *j, struct sight *s,
			 const struct reading *look,
			 const struct spelled *spelled, struct error *err)
{
	struct reading as = *look;
	struct judgement judgement;

	snprintf(as.text, sizeof(as.text), "%s", spelled->text);
	as.symbols = spelled->symbols;
	identifier_judge_alone(j->header, as.text, SPELLED_AS, &judgement);
	if (judgement.kind == KIND_IDENTIFIER &&
	    2 * spelled->weight >= SPELLED_WHOLE)
		s->telling = true;
	return s->telling || !is_word(&judgement) ||
	       !looks_spell(&s->seen, as.text, spelled->weight) ||
	       take_as(j, s, &as, SPELLED_AS, err);
}

/* Is it worth the time to prepare it otherwise? */
static bool may_look(const struct track *t)
{
	struct region r = t->line.box;

	return is_unknown(t) && !t->line.vertical &&
	       t->line.score > look_from &&
	       region_width(r) <= LOOK_LONG * region_height(r);
}

static bool is_wide(const struct track *t)
{
	struct region r = t->line.box;

	return region_width(r) > LOOK_WIDE * region_height(r);
}

/*
 * A line of which nothing is known, prepared in other ways, until a reading of
 * it is harmless, one tells of somebody, or the first ones are spelled as
 * nothing harmless: of 75 lines that were cleared so two were not.  None of a
 * wide line, or one that was read surely, unless it is near to such a text.
 * Of 8540 lines of identifiers, known or not, that were looked at so eight
 * times each one came out harmless: 66imt X, which no longer is.
 */
static bool look_anew(struct job *j, const struct views *views,
		      struct track *t, const struct reading *second,
		      struct reading *hope, struct error *err)
{
	struct grey_plane p = views_plane(views, t->view);
	struct sight s = { .track = t, .views = views, .hope = hope };

	if (!may_look(t))
		return true;
	see(j, &s, &t->reading);
	see(j, &s, second);
	if (!s.seen.near && (is_wide(t) || t->reading.confidence >= SURE_TEXT))
		return true;
	for (int k = 0; k < READING_LOOKS && !s.taken && !s.telling; k++) {
		struct spelled spelled;
		struct reading look;

		if (j->looks <= 0 || (k >= FIRST_LOOKS && !s.seen.spellings))
			break;
		j->looks--;
		if (!reading_look(&j->reader, &p, &t->line, k, &look, &spelled,
				  err))
			return false;
		if (see(j, &s, &look) && !s.telling &&
		    !take_look(j, &s, &look, err))
			return false;
		if (!s.taken && !s.telling &&
		    !take_spelled(j, &s, &look, &spelled, err))
			return false;
	}
	return true;
}

static bool read_line(struct job *j, const struct views *views,
		      struct track *t, struct reading *hope,
		      struct error *err)
{
	struct reading second = { .confidence = 0 };

	*hope = (struct reading){ .confidence = 0 };
	if (!read_track(j, views, t, &second, err))
		return false;
	if (!t->reading.text[0] && !t->reading.confidence)
		return true;
	return judge_reading(j, views, &t->line, &t->reading, &t->judgement,
			     err) &&
	       judge_again(j, views, t, &second, err) &&
	       look_anew(j, views, t, &second, hope, err);
}

/* ---- a line whose box is too long ---- */

/*
 * Are the letters harmless, the ends left aside?  正面 - may be 正面 一: half of
 * a name, where nobody is named, the other half read as a sign.
 */
static bool is_harmless_cut(const struct job *j, const struct ends *e)
{
	struct judgement judgement;

	identifier_judge_alone(j->header, e->text, SPELLED_AS, &judgement);
	return judgement.kind == KIND_BENIGN &&
	       (header_names_patient(j->header) ||
		(region_empty(e->rest[0]) && region_empty(e->rest[1])) ||
		!context_is_short_dense(e->text));
}

/*
 * Read the letters of a reading as a line of their own, where they would be
 * harmless: the ends of its box that hold ink stay what they were.
 */
static bool read_cut(struct job *j, const struct views *views,
		     struct track *t, const struct reading *r,
		     struct error *err)
{
	struct track cut = *t;
	struct reading hope;
	struct ends ends;

	if (t->line.score <= look_from ||
	    !ends_cut(views, &t->line, r, &ends) ||
	    !is_harmless_cut(j, &ends))
		return true;
	cut.line = ends.line;
	cut.reading = (struct reading){ .confidence = 0 };
	cut.judgement = j->unread;
	if (!read_line(j, views, &cut, &hope, err))
		return false;
	if (cut.judgement.kind == KIND_BENIGN) {
		memcpy(cut.rest, ends.rest, sizeof(cut.rest));
		*t = cut;
	}
	return true;
}

/*
 * The same of a line that was not cleared as it is; also when a look at it with
 * its ends told of somebody.  Of 13600 drawn identifiers with a block behind
 * them or a part that is hard to read not one more was cleared so.
 */
static bool read_whole_or_cut(struct job *j, const struct views *views,
			      struct track *t, struct error *err)
{
	struct reading hope;

	if (!read_line(j, views, t, &hope, err))
		return false;
	if (j->info->frames > 1 || !is_unknown(t))
		return true;
	return read_cut(j, views, t, &t->reading, err) &&
	       (!is_unknown(t) || read_cut(j, views, t, &hope, err));
}

/* Read a line, a frame around its letters left aside. */
static bool read_unframed(struct job *j, const struct views *views,
			  struct track *t, struct error *err)
{
	struct grey_plane p = views_plane(views, t->view);
	uint8_t *grey = views->grey[t->view], *saved;
	struct line whole = t->line;
	struct reading hope;
	struct framed framed;
	bool ok;

	/* a cine has no time for it but once */
	if (j->later)
		return read_line(j, views, t, &hope, err);
	if (!framed_find(&p, &t->line, &framed, err))
		return false;
	if (!framed.found)
		return read_whole_or_cut(j, views, t, err);
	if (!framed_hide(&framed, grey, (size_t)p.stride, &saved, err))
		return false;
	t->line = framed.line;
	ok = read_line(j, views, t, &hope, err);
	t->line = whole;
	/* nothing was looked at beside the frame */
	t->line.box = region_intersect(whole.box, framed.frame);
	framed_show(&framed, grey, (size_t)p.stride, saved);
	return ok;
}

static bool read_and_judge(void *self, const struct views *views,
			   struct track *t, struct error *err)
{
	struct job *j = self;
	bool waits, reads;

	j->reader.later = j->later;
	reads = may_read(j, t, &waits);
	if (reads && !read_unframed(j, views, t, err))
		return false;
	t->waits = waits;
	if (!t->reading.text[0] && !t->reading.confidence) {
		t->judgement = j->unread;
		return true;
	}
	return reads || judge_reading(j, views, &t->line, &t->reading,
				      &t->judgement, err);
}

/* ---- labels ---- */

static int line_high(const struct track *t)
{
	return t->line.vertical ? region_width(t->line.box) :
				  region_height(t->line.box);
}

/* How far value stands right of or below label; -1 if it does not. */
static int beside(const struct track *label, const struct track *value)
{
	struct region a = label->line.box, b = value->line.box;
	int high = line_high(label);
	int in_row = (a.y1 < b.y1 ? a.y1 : b.y1) -
		     (a.y0 > b.y0 ? a.y0 : b.y0);
	int in_column = (a.x1 < b.x1 ? a.x1 : b.x1) -
			(a.x0 > b.x0 ? a.x0 : b.x0);

	if (2 * in_row > high && b.x0 >= a.x1 - high / 2 &&
	    b.x0 - a.x1 < 8 * high)
		return b.x0 > a.x1 ? b.x0 - a.x1 : 0;
	/* below is worse than any distance to the right */
	if (2 * in_column > high && b.y0 >= a.y1 - high / 4 &&
	    b.y0 - a.y1 < high)
		return 1000 * high + b.y0 - a.y1;
	return -1;
}

static bool frames_meet(const struct track *a, const struct track *b)
{
	return a->plane == b->plane && a->frame0 <= b->frame1 &&
	       b->frame0 <= a->frame1;
}

/* The text that a lone label tells about. */
static struct track *value_of(struct track_list *list,
			      const struct track *label)
{
	struct track *best = NULL;
	int least = -1;

	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];
		int far = t != label && !t->judgement.label &&
					  frames_meet(label, t) ?
				  beside(label, t) : -1;

		if (far >= 0 && (least < 0 || far < least)) {
			least = far;
			best = t;
		}
	}
	return best;
}

static void judge_as_value(struct track *value, enum box_class class_)
{
	value->judgement.kind = KIND_IDENTIFIER;
	value->judgement.class_ = class_;
	value->judgement.source = SOURCE_OCR;
	value->judgement.score = 850;
	snprintf(value->judgement.why, sizeof(value->judgement.why),
		 "label:beside");
}

/* The words of a value that stand apart: DOB | 12 | 05 | 1960. */
static void judge_rest(struct track_list *list, const struct track *value,
		       enum box_class class_)
{
	int high = line_high(value);

	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];
		int far = t != value && !t->judgement.label &&
					  frames_meet(value, t) ?
				  beside(value, t) : -1;

		if (far < 0 || far > 5 * high / 2 ||
		    t->judgement.kind == KIND_IDENTIFIER)
			continue;
		judge_as_value(t, class_);
		/* from here on: the list may stand in any order */
		value = t;
		i = (size_t)-1;
	}
}

/* What stands beside a label belongs to its class, cleared or not. */
static void match_labels(struct track_list *list,
			 const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct judgement *label = &list->track[i]->judgement;
		struct track *value;

		telling_word(telling);
		if (!label->label ||
		    list->track[i]->reading.confidence < READABLE)
			continue;
		value = value_of(list, list->track[i]);
		if (!value)
			continue;
		if (value->judgement.kind != KIND_IDENTIFIER)
			judge_as_value(value, label->label_class);
		judge_rest(list, value, label->label_class);
	}
}

/* Ultrasound (PS3.4 B.5). */
static bool is_echo(const struct image_info *info)
{
	return info->format == IMAGE_DICOM && !strcmp(info->modality, "US");
}

static void judge_by_place(struct job *j)
{
	if (!header_is_crowded(j->header))
		context_clear(&j->tracks, is_echo(j->info),
			      header_names_patient(j->header), &j->following);
	match_labels(&j->tracks, &j->following);
}

/* ---- proposals ---- */

static struct box box_of(const struct job *j, const struct track *t)
{
	struct box b = {
		/* what was looked at is cleared, and nothing around it */
		.region = region_clip(region_grow(t->line.box,
			t->judgement.kind == KIND_BENIGN ? 0 : PAD),
			j->info->columns, j->info->rows),
		.frame0 = t->frame0, .frame1 = t->frame1, .plane = t->plane,
		.kind = t->judgement.kind, .class_ = t->judgement.class_,
		.source = t->judgement.source,
		.tier = tier_of(t, &j->hints, j->info->frames),
		.score = t->judgement.score,
		.confidence = t->read ? t->reading.confidence : -1,
		.latin = t->reading.latin && t->read,
		.letter_height = line_high(t),
	};

	/* what was not read is as sure as its shape */
	if (b.kind == KIND_UNREADABLE)
		b.score = (int)(999 / (1 + exp(-tier_textness(t))));
	snprintf(b.why, sizeof(b.why), "%s", t->judgement.why);
	snprintf(b.text, sizeof(b.text), "%s", t->reading.text);
	return b;
}

static bool add_line(struct job *j, const struct track *t, struct error *err)
{
	struct box b = box_of(j, t);

	return gather_box(&j->proposals->boxes, &b, j->info->frames) ||
	       error_set(err, ERR_MEMORY, _("no memory for boxes"));
}

/* What may go on by half a letter or more at the ends of a line that was not
 * cleared: faint ink. */
static bool propose_far(struct job *j, const struct track *t,
			struct error *err)
{
	struct region box = t->line.box, far = t->line.far;
	struct track whole = *t;
	struct box b;
	int more = t->line.vertical ? region_height(far) - region_height(box) :
				      region_width(far) - region_width(box);

	if (2 * more <= line_high(t) || t->judgement.kind == KIND_BENIGN)
		return true;
	whole.line.box = far;
	whole.line.score = LINES_LEAST;
	whole.judgement = j->unread;
	whole.read = false;
	whole.reading = (struct reading){ .confidence = 0 };
	b = box_of(j, &whole);
	b.tier = TIER_FAINT;
	b.letter_height = line_high(t);
	return box_list_add(&j->far, &b) ||
	       error_set(err, ERR_MEMORY, _("no memory for boxes"));
}

/* A line that is over: nothing more comes to it.  Its ends are unread. */
static bool propose(void *self, const struct track *t, struct error *err)
{
	struct job *j = self;
	bool ok = add_line(j, t, err);

	for (int i = 0; ok && i < 2; i++) {
		struct track end = *t;

		end.line.box = t->rest[i];
		end.judgement = j->unread;
		end.read = false;
		end.reading = (struct reading){ .confidence = 0 };
		ok = region_empty(t->rest[i]) || add_line(j, &end, err);
	}
	return ok && propose_far(j, t, err);
}

/* ---- frames ---- */

/* What is sure to be print; NULL without memory. */
static struct region *print_of(const struct line_list *lines, size_t *count)
{
	struct region *r = mem_array(lines->count + 1, sizeof(*r));

	*count = 0;
	for (size_t i = 0; r && i < lines->count; i++)
		if (lines->line[i].score > print_from)
			r[(*count)++] = lines->line[i].box;
	return r;
}

/* The lines of one view, across and down, best first; and its shapes. */
static bool look_at_view(const struct job *j, const struct views *views,
			 int view, struct line_list *lines,
			 struct shape_list *shapes, struct error *err)
{
	struct shape_search search = { .list = shapes };
	const struct lines_watch watch = { shapes_see, &search };
	const struct telling telling = { tell_looking, j };
	const struct lines_progress progress = { &telling, &watch };
	struct grey_plane p = views_plane(views, view);
	struct line_list *gone = lines->gone;
	size_t count = 0, from = gone ? gone->count : 0;
	struct region *print = NULL;
	bool ok = shapes_find(&p, shapes, err) &&
		  lines_find(&p, LINES_BOTH, &progress, lines, err);

	/* a moving picture has no time for it, and more than one ground */
	if (ok && view == 0 && j->info->frames == 1)
		ok = lines_find_fine(&p, &telling, lines, err);
	if (ok) {
		print = print_of(lines, &count);
		ok = print || error_set(err, ERR_MEMORY,
					_("no memory to look for text"));
	}
	ok = ok && shapes_end(&search, &p, print, count, err);
	pen_marks_done(&search.strokes);
	free(print);
	for (size_t k = 0; ok && k < lines->count; k++)
		lines->line[k].view = view;
	for (size_t k = from; ok && gone && k < gone->count; k++)
		gone->line[k].view = view;
	return ok;
}

/* A moving picture has no time for it, and a copy shows nothing that was not
 * asked about before. */
static bool shows_faint(const struct job *j)
{
	return j->info->frames == 1 && !j->options->masked;
}

/* All lines and shapes of all views; before: of the frame before. */
static bool find_lines(const struct job *j, const struct views *before,
		       const struct views *views, struct line_list *all,
		       struct shape_list *shapes,
		       struct complete_memory *whole, struct error *err)
{
	const struct telling telling = { tell_looking, j };
	struct line_list some = { 0 }, gone = { 0 };
	bool ok = true;

	/* a moving picture has no time for them */
	if (j->info->frames == 1)
		some.gone = all->gone = &gone;
	all->count = 0;
	shapes->count = 0;
	for (int i = 0; ok && i < views->count; i++)
		ok = look_at_view(j, views, i, &some, shapes, err) &&
		     lines_merge(all, &some, err);
	for (int i = 0; ok && j->info->frames == 1 && i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		lines_raise_clear(&p, i, all);
		ok = lines_find_beside(&p, i, &telling, all, err);
	}
	tell_looking(j);
	complete_memory_next(whole, j->later ? read_sure_from : LINES_LEAST,
			     before);
	for (int i = 0; ok && i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		ok = lines_complete(&p, i, read_from, all,
				    j->info->frames > 1 ? whole : NULL,
				    &telling, err);
	}
	ok = ok && lines_bring_back(all, err);
	line_list_done(&gone);
	line_list_done(&some);
	all->gone = NULL;
	ok = ok && held_cut(views, all, &telling, err);
	for (int i = 0; ok && shows_faint(j) && i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		ok = lines_reach_weak(&p, i, all, &telling, err);
	}
	if (ok && j->options->masked)
		lines_trim(views, all);
	return ok;
}

/* Do n samples at most, INK_CELL of them unless the picture ends, differ? */
static bool row_differs(const uint8_t *a, const uint8_t *b, int n)
{
	uint8_t p[INK_CELL] = { 0 }, q[INK_CELL] = { 0 }, most[INK_CELL];
	uint64_t part[INK_CELL / 8], any = 0;

	/* most are alike */
	if (n == INK_CELL && !memcmp(a, b, INK_CELL))
		return false;
	/* a fixed count lets the compiler vectorise */
	if (n == INK_CELL) {
		memcpy(p, a, INK_CELL);
		memcpy(q, b, INK_CELL);
	} else {
		memcpy(p, a, (size_t)n);
		memcpy(q, b, (size_t)n);
	}
	for (int i = 0; i < INK_CELL; i++) {
		uint8_t d = p[i] > q[i] ? (uint8_t)(p[i] - q[i]) :
					  (uint8_t)(q[i] - p[i]);

		most[i] = d > EXACT_LEVELS;
	}
	memcpy(part, most, sizeof(part));
	for (int i = 0; i < INK_CELL / 8; i++)
		any |= part[i];
	return any != 0;
}

static bool cell_differs(const struct views *a, const struct views *b,
			 int column, int row)
{
	int x = column * INK_CELL, y0 = row * INK_CELL;
	int w = x + INK_CELL < a->columns ? INK_CELL : a->columns - x;
	int y1 = y0 + INK_CELL < a->rows ? y0 + INK_CELL : a->rows;

	for (int v = 0; v < a->count; v++)
		for (int y = y0; y < y1; y++) {
			size_t at = (size_t)y * (size_t)a->columns + (size_t)x;

			if (row_differs(a->grey[v] + at, b->grey[v] + at, w))
				return true;
		}
	return false;
}

/*
 * Is a frame another than the one looked at before?  *fresh: also in a cell
 * that has no ink yet.  What comes to a lossy picture may be fainter than its
 * coder's noise, so the levels are those of an exact one.
 */
static bool views_differ(const struct job *j, const struct views *before,
			 const struct views *views, bool *fresh)
{
	const struct proposals *p = j->proposals;
	bool differ = false;

	*fresh = true;
	if (before->count != views->count ||
	    before->columns != views->columns || before->rows != views->rows)
		return true;
	*fresh = false;
	for (int y = 0; y < p->ink_rows; y++)
		for (int x = 0; x < p->ink_columns; x++) {
			bool inked = p->ink[y * p->ink_columns + x];

			/* one that has ink matters only while nothing does */
			if ((inked && differ) ||
			    !cell_differs(before, views, x, y))
				continue;
			differ = true;
			*fresh = *fresh || !inked;
			if (*fresh)
				return true;
		}
	return differ;
}

/* The cells of one row of pixels that hold ink above the noise floor. */
static void mark_row(const uint8_t *top, int columns, uint8_t *cell)
{
	uint8_t floor[BITS];

	memset(floor, NOISE_FLOOR, sizeof(floor));
	for (int x = 0; x < columns; x += BITS) {
		uint64_t bits = bits_first(bits_above(top + x, floor),
					   columns - x);

		for (int i = x; bits; i += INK_CELL, bits >>= INK_CELL)
			if (bits & ((1u << INK_CELL) - 1))
				cell[i / INK_CELL] = 1;
	}
}

/* Mark the cells of the picture that hold ink above the noise floor. */
static bool mark_ink(struct job *j, const struct views *views,
		     struct error *err)
{
	struct proposals *out = j->proposals;
	size_t columns = (size_t)views->columns;
	/* whole BITS are read, also behind the last row */
	uint8_t *top = mem_array((size_t)views->rows + BITS, columns);
	struct grey_plane p = views_plane(views, 0);

	if (!top)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	for (int dark = 0; dark < 2; dark++) {
		tophat(&p, dark, top);
		for (int y = 0; y < p.rows; y++)
			mark_row(top + (size_t)y * columns, p.columns,
				 out->ink + y / INK_CELL * out->ink_columns);
	}
	free(top);
	return true;
}

static bool make_ink(struct job *j, struct error *err)
{
	struct proposals *out = j->proposals;

	out->ink_columns = (j->info->columns + INK_CELL - 1) / INK_CELL;
	out->ink_rows = (j->info->rows + INK_CELL - 1) / INK_CELL;
	out->ink = mem_array((size_t)out->ink_rows, (size_t)out->ink_columns);
	return out->ink || error_set(err, ERR_MEMORY,
				     _("no memory to look for text"));
}

/* A frame with more lines than a list keeps: one box over all of it. */
static bool cover(struct job *j, const struct tracker *t, int frame,
		  struct error *err)
{
	struct box all = {
		.region = { 0, 0, j->info->columns, j->info->rows },
		.frame0 = frame, .frame1 = frame, .plane = t->plane,
		.kind = KIND_UNREADABLE, .class_ = CLASS_OTHER,
		.source = SOURCE_INK, .tier = TIER_BOX, .score = 1000,
		.confidence = -1, .why = "too-many",
	};

	return !t->crowded || box_list_add(&j->proposals->boxes, &all) ||
	       error_set(err, ERR_MEMORY, _("no memory to look for text"));
}

/* What shows by its shape alone; nothing of it is followed or read. */
static bool add_shapes(struct job *j, const struct tracker *t,
		       const struct shape_list *found, int frame,
		       struct error *err)
{
	static const enum box_class classes[SHAPE_KINDS] = {
		[SHAPE_BARCODE] = CLASS_BARCODE, [SHAPE_QR] = CLASS_BARCODE,
		[SHAPE_MATRIX] = CLASS_BARCODE, [SHAPE_SEAL] = CLASS_NAME,
		[SHAPE_HANDWRITING] = CLASS_OTHER,
	};
	struct box b = {
		.frame0 = frame, .frame1 = frame, .plane = t->plane,
		.kind = KIND_UNREADABLE, .source = SOURCE_INK,
		.tier = TIER_BOX, .score = 900, .confidence = -1,
	};

	for (int i = 0; i < found->count; i++) {
		enum shape_kind kind = found->shape[i].kind;

		b.region = found->shape[i].box;
		b.class_ = classes[kind];
		snprintf(b.why, sizeof(b.why), "%s", shape_why[kind]);
		if (!gather_box(&j->proposals->boxes, &b, j->info->frames))
			return error_set(err, ERR_MEMORY,
					 _("no memory for boxes"));
	}
	return true;
}

/* A plane of one frame: what was there before goes on, the rest is read. */
static bool follow(struct job *j, struct tracker *t, struct views *before,
		   struct views *views, int frame, struct error *err)
{
	struct shape_list *shapes = &j->shapes[t->plane == PLANE_BITS];
	struct line_list lines = { 0 };
	bool ok = true, fresh;

	if (!views_differ(j, before, views, &fresh))
		return add_shapes(j, t, shapes, frame, err) &&
		       tracker_repeat(t, views, frame, err) &&
		       cover(j, t, frame, err);
	ok = find_lines(j, before, views, &lines, shapes,
			&j->whole[t->plane == PLANE_BITS], err);
	j->lines = &lines;
	t->crowded = lines.more;
	ok = ok && add_shapes(j, t, shapes, frame, err) &&
	     cover(j, t, frame, err) &&
	     (t->plane != PLANE_PICTURE || !fresh ||
	      mark_ink(j, views, err)) &&
	     tracker_add(t, views, frame, &lines, err);
	j->lines = NULL;
	line_list_done(&lines);
	views_done(before);
	*before = *views;
	*views = (struct views){ 0 };
	return ok;
}

static struct tracker tracker_of(struct job *j, int plane)
{
	return (struct tracker){
		.list = &j->tracks, .plane = plane, .read = read_and_judge,
		.over = propose, .self = j, .telling = &j->following,
		.tolerance = plane == PLANE_PICTURE && j->info->lossy ?
				     LOSSY_LEVELS : EXACT_LEVELS,
	};
}

/* The bits beside the stored ones, which a viewer may show. */
static bool follow_bits(struct job *j, struct tracker *t, struct views *before,
			struct error *err)
{
	size_t columns = (size_t)j->info->columns;
	uint8_t *plane = mem_room((size_t)j->info->rows, columns);
	struct views views;
	bool any = false, ok;

	if (!plane)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	ok = image_unused_bits(j->image, j->frame, plane, &any, err);
	views_take(&views, plane, j->info->columns, j->info->rows);
	if (any)
		ok = ok && follow(j, t, before, &views, j->frame, err);
	else
		views_done(before);     /* its lines ended */
	views_done(&views);
	return ok;
}

/* ---- the residual pass ---- */

/* What is masked in the frame; *count of them.  NULL without memory. */
static struct region *masked_here(const struct job *j, size_t *count)
{
	const struct box_list *masked = j->options->masked;
	struct region *r = mem_array(masked->count + 1, sizeof(*r));

	*count = 0;
	for (size_t i = 0; r && i < masked->count; i++) {
		const struct box *b = &masked->box[i];

		if (b->tier == TIER_BOX && b->plane == PLANE_PICTURE &&
		    b->frame0 <= j->frame && j->frame <= b->frame1)
			r[(*count)++] = b->region;
	}
	return r;
}

/*
 * Put what was masked back into the copy's samples: the views then have the
 * scale and the text plane that the input had, and show what is beside masks
 * as it was judged.  They are smoothed there afterwards.
 */
static bool keep_scale(const struct job *j, struct frame *frame,
		       const struct region *r, size_t count, struct error *err)
{
	struct frame *was = image_frame(j->options->original, j->frame, err);
	size_t pixel = (size_t)frame->samples *
		       frame_sample_size(frame->type);

	if (!was)
		return false;
	/* another form can't lend its values */
	for (size_t i = 0; was->type == frame->type &&
			   was->samples == frame->samples &&
			   was->columns == frame->columns &&
			   was->rows == frame->rows && i < count; i++) {
		struct region c = region_clip(r[i], frame->columns,
					      frame->rows);

		for (int y = c.y0; y < c.y1; y++) {
			size_t at = ((size_t)y * (size_t)frame->columns +
				     (size_t)c.x0) * pixel;

			memcpy((uint8_t *)frame->sample + at,
			       (const uint8_t *)was->sample + at,
			       (size_t)region_width(c) * pixel);
		}
	}
	frame_free(was);
	return true;
}

/* The views of the frame; masks have no edge in them. */
static bool make_views(const struct job *j, struct frame *frame,
		       struct views *views, struct error *err)
{
	struct region *r;
	size_t count;
	bool ok;

	if (!j->options->masked)
		return views_make(j->image, frame, views, err) &&
		       squared_clear(views, err);
	r = masked_here(j, &count);
	if (!r)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	ok = (!j->options->original ||
	      keep_scale(j, frame, r, count, err)) &&
	     views_make(j->image, frame, views, err) &&
	     squared_clear(views, err) &&
	     smooth_views(views, r, count, err);
	free(r);
	return ok;
}

/* One frame: its picture, and the bits beside it. */
static bool run_frame(struct job *j, struct tracker *picture,
		      struct tracker *bits, struct views before[2],
		      struct error *err)
{
	struct frame *frame = image_frame(j->image, j->frame, err);
	struct views views = { 0 };
	bool ok;

	j->later = j->frame > 0;
	j->reads = j->later ? LATER_READS : FRAME_READS;
	j->looks = j->info->frames > 1 ? 0 : LOOKS;
	ok = frame && make_views(j, frame, &views, err);
	frame_free(frame);
	ok = ok && follow(j, picture, &before[0], &views, j->frame, err);
	views_done(&views);
	if (ok && j->info->format == IMAGE_DICOM)
		ok = follow_bits(j, bits, &before[1], err);
	/* before the first of two that met is handed over */
	if (j->frame % JUDGE_EVERY == JUDGE_EVERY - 1)
		judge_by_place(j);
	tell(j, 1);
	return ok;
}

static bool run_frames(struct job *j, struct error *err)
{
	struct tracker picture = tracker_of(j, PLANE_PICTURE);
	struct tracker bits = tracker_of(j, PLANE_BITS);
	struct views before[2] = { 0 };
	bool ok = true;

	for (j->frame = 0; ok && j->frame < j->info->frames; j->frame++)
		ok = run_frame(j, &picture, &bits, before, err);
	views_done(&before[0]);
	views_done(&before[1]);
	j->proposals->frames_read = j->frame;
	judge_by_place(j);
	return ok && tracker_end(&picture, err) && tracker_end(&bits, err);
}

/* The plane of an overlay as it stands over one frame. */
static bool run_overlay_frame(struct job *j, int index, struct tracker *t,
			      struct views *before, struct error *err)
{
	uint8_t *plane = mem_array((size_t)j->info->rows,
				   (size_t)j->info->columns);
	struct views views;
	bool ok;

	if (!plane)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	views_take(&views, plane, j->info->columns, j->info->rows);
	ok = image_overlay_plane(j->image, index, j->frame, plane, NULL,
				 err) &&
	     follow(j, t, before, &views, j->frame, err);
	views_done(&views);
	return ok;
}

static bool run_overlay(struct job *j, int index, struct error *err)
{
	const struct image_overlay *o = &j->info->overlay[index];
	struct tracker t = tracker_of(j, o->group);
	struct views before = { 0 };
	bool ok = true;

	for (int i = 0; ok && i < o->frames; i++) {
		j->frame = o->first_frame + i;
		if (j->frame < 0 || j->frame >= j->info->frames)
			continue;
		j->later = i > 0;
		j->reads = j->later ? LATER_READS : FRAME_READS;
		j->looks = j->info->frames > 1 ? 0 : LOOKS;
		ok = run_overlay_frame(j, index, &t, &before, err);
	}
	views_done(&before);
	judge_by_place(j);
	return ok && tracker_end(&t, err);
}

bool text_run(struct image *image, const struct detect_options *options,
	      const struct detect_progress *progress, struct proposals *p,
	      struct error *err)
{
	struct image *facts = options->original ? options->original : image;
	struct job j = { .image = image, .info = image_info(image),
			 .options = options,
			 .progress = progress, .proposals = p,
			 .sure_reads = SURE_READS,
			 .following = { tell_following, &j } };
	bool ok;

	tier_hints_read(facts, &j.hints);
	j.hints.masked = options->masked;
	j.header = read_header(facts, err);
	j.reader = (struct line_reader){
		.readers = readers,
		.kana = header_may_show_kana(j.header) };
	if (j.header)
		identifier_judge(j.header, "", 0, &j.unread);
	ok = j.header && make_ink(&j, err) && run_frames(&j, err);
	for (int i = 0; ok && i < j.info->overlays; i++)
		ok = run_overlay(&j, i, err);
	if (ok) {
		doubles_drop(&p->boxes);
		/* a copy shows nothing that was not asked about before */
		gather_lines(&p->boxes, !options->masked, &j.following);
		ok = cleared_settle(&p->boxes, &j.following, err);
	}
	/* what is left open in a copy is a question of its own */
	if (ok && !options->masked)
		crowd_settle(&p->boxes, j.info->frames, j.info->lossy,
			     &j.following);
	ok = ok && gather_far(&p->boxes, &j.far, err);
	p->text = ok ? CHECK_DONE : CHECK_FAILED;
	track_list_done(&j.tracks);
	box_list_done(&j.far);
	complete_memory_done(&j.whole[0]);
	complete_memory_done(&j.whole[1]);
	header_free(j.header);
	return ok;
}
