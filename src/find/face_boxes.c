/* face_boxes.c - views, joined answers, whole faces and bands of eyes. */
#include "config.h"

#include "find/face_boxes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const double same_face = .35, inside_face = .8;
static const double near_face = .5;             /* the hull grows */
static const double part_of_face = 5;           /* times its area: the face */
static const double tile_side = 1 / 1.7;        /* tiles overlap by 30 % */
/* Of a side, on each side. */
static const double wide_border[] = { .75, .25 };
static const double whole_growth = .2, whole_height = 1.25;
/* The hull over the box that won: sloppy answers of turned views add little. */
static const double most_hull = 1.7;
/*
 * Pixels of the short side of an answer: below, nobody is known by it, and
 * the networks, which see such pictures enlarged, find faces in anything.
 */
static const double least_shown = 6, least_masked = 12;
/* Below, a box of a part or of a far view does not tell which way is up. */
static const double band_from = .7;
/* From here on it is a proposal in the turn that the picture has. */
static const double turned_from = .5;
/*
 * A face that both networks see at least so surely says how large others of
 * the picture are: at most so many times, or by so many, its own side.  Two
 * of them make a group.
 */
static const double certain_from = .7, like_size = 1.5;
enum { GROUP = 2 };

static const struct face_pass standard[] = {
	{ FACE_RFB, SIGHT_WHOLE, 0, .5, .35 },
	{ FACE_RFB, SIGHT_WIDE, 0, .5, .35 },
	{ FACE_BLAZE, SIGHT_WHOLE, 0, .6, .4 },
};

/*
 * The mirrored view and the one with narrower borders are second and third
 * looks at another place of RFB's grid: of 2376 faces in 24 variants of 60
 * photographs (turned, scaled, dark, blurred, compressed, a fourth of them with
 * drawn masks and caps) .941 are covered with them, .930 without.
 */
static const struct face_pass thorough[] = {
	{ FACE_RFB, SIGHT_WHOLE, 0, .5, .35 },
	{ FACE_RFB, SIGHT_WHOLE, 1, .5, .35 },
	{ FACE_RFB, SIGHT_TILE, 0, .6, .5 },
	{ FACE_RFB, SIGHT_TILE, 1, .6, .5 },
	{ FACE_RFB, SIGHT_TILE, 2, .6, .5 },
	{ FACE_RFB, SIGHT_TILE, 3, .6, .5 },
	{ FACE_RFB, SIGHT_WIDE, 0, .5, .35 },
	{ FACE_RFB, SIGHT_WIDE, 1, .6, .4 },
	{ FACE_BLAZE, SIGHT_WHOLE, 0, .5, .4 },
	{ FACE_RFB, SIGHT_TURNED, 1, .7, .5 },
	{ FACE_RFB, SIGHT_TURNED, 2, .7, .5 },
	{ FACE_RFB, SIGHT_TURNED, 3, .7, .5 },
	{ FACE_BLAZE, SIGHT_TURNED, 1, .7, .45 },
	{ FACE_BLAZE, SIGHT_TURNED, 2, .7, .45 },
	{ FACE_BLAZE, SIGHT_TURNED, 3, .7, .45 },
};

static const struct {
	const struct face_pass *pass;
	int count;
} profiles[FACE_PROFILES] = {
	[FACE_STANDARD] = { standard, COUNT(standard) },
	[FACE_THOROUGH] = { thorough, COUNT(thorough) },
};

const struct face_pass *face_passes(enum face_profile profile, int *count)
{
	*count = profiles[profile].count;
	return profiles[profile].pass;
}

struct face_view face_view_of(const struct face_pass *pass, int columns,
			      int rows)
{
	struct face_view v = { 0, 0, columns, rows, 0, false };

	switch (pass->sight) {
	case SIGHT_TILE:
		v.x1 *= tile_side;
		v.y1 *= tile_side;
		if (pass->index & 1) {
			v.x0 = columns - v.x1;
			v.x1 = columns;
		}
		if (pass->index & 2) {
			v.y0 = rows - v.y1;
			v.y1 = rows;
		}
		break;
	case SIGHT_WIDE:
		v.x0 = -wide_border[pass->index & 1] * columns;
		v.y0 = -wide_border[pass->index & 1] * rows;
		v.x1 -= v.x0;
		v.y1 -= v.y0;
		break;
	case SIGHT_TURNED:
		v.turns = pass->index & 3;
		break;
	default:
		v.mirrored = pass->index & 1;
		break;
	}
	return v;
}

struct face_point face_unturn(struct face_point p, int turns)
{
	switch (turns & 3) {
	case 1:
		return (struct face_point){ p.y, 1 - p.x };
	case 2:
		return (struct face_point){ 1 - p.x, 1 - p.y };
	case 3:
		return (struct face_point){ 1 - p.y, p.x };
	default:
		return p;
	}
}

/* ---- boxes ---- */

static double short_side(const struct face_box *b)
{
	return fmin(b->x1 - b->x0, b->y1 - b->y0);
}

static bool is_maskable(const struct face_box *b)
{
	return short_side(b) >= least_masked;
}

void faces_done(struct face_list *list)
{
	free(list->face);
	*list = (struct face_list){ 0 };
}

static double box_area(const struct face_box *b)
{
	return b->x1 > b->x0 && b->y1 > b->y0 ?
		       (b->x1 - b->x0) * (b->y1 - b->y0) : 0;
}

static double shared_area(const struct face_box *a, const struct face_box *b)
{
	struct face_box both = { fmax(a->x0, b->x0), fmax(a->y0, b->y0),
				 fmin(a->x1, b->x1), fmin(a->y1, b->y1) };

	return box_area(&both);
}

double face_overlap(const struct face_box *a, const struct face_box *b)
{
	double shared = shared_area(a, b);
	double all = box_area(a) + box_area(b) - shared;

	return all > 0 ? shared / all : 0;
}

/* A small face in a large wrong box stays: that box may be taken off. */
static bool covered_by(const struct face *f, const struct face *better)
{
	double area = box_area(&f->box);

	return face_overlap(&f->box, &better->box) > same_face ||
	       (shared_area(&f->box, &better->box) >= inside_face * area &&
		box_area(&better->box) < part_of_face * area);
}

/* Proposals first, then not of a tile, then by score; then by place, so that
 * the order never depends on anything else. */
static int better_first(const void *first, const void *second)
{
	const struct face *a = first, *b = second;
	bool tile_a = a->pass->sight == SIGHT_TILE;
	bool tile_b = b->pass->sight == SIGHT_TILE;

	if (a->sure != b->sure)
		return a->sure ? -1 : 1;
	if (tile_a != tile_b)
		return tile_b ? -1 : 1;
	if (a->score < b->score || a->score > b->score)
		return a->score > b->score ? -1 : 1;
	if (a->box.y0 < b->box.y0 || a->box.y0 > b->box.y0)
		return a->box.y0 < b->box.y0 ? -1 : 1;
	if (a->box.x0 < b->box.x0 || a->box.x0 > b->box.x0)
		return a->box.x0 < b->box.x0 ? -1 : 1;
	return 0;
}

static struct face_box hull_of(const struct face_box *a,
			       const struct face_box *b)
{
	return (struct face_box){ fmin(a->x0, b->x0), fmin(a->y0, b->y0),
				  fmax(a->x1, b->x1), fmax(a->y1, b->y1) };
}

/* `f` is the same face: its place and what it knows of which way is up are
 * kept. */
static void learn(struct face *kept, const struct face *f)
{
	if (f->sure && face_overlap(&f->box, &kept->box) > near_face)
		kept->hull = hull_of(&kept->hull, &f->hull);
	for (int t = 0; t < 4; t++) {
		for (int n = 0; n < FACE_NETS; n++)
			kept->upright[n][t] = fmax(kept->upright[n][t],
						   f->upright[n][t]);
		if (kept->has_turned_eyes[t] || !f->has_turned_eyes[t])
			continue;
		kept->has_turned_eyes[t] = true;
		memcpy(kept->turned_eye[t], f->turned_eye[t],
		       sizeof(kept->turned_eye[t]));
	}
}

/* From `from` on. */
static void merge_from(struct face_list *list, size_t from)
{
	size_t kept = from;

	if (list->count <= from)
		return;
	qsort(list->face + from, list->count - from, sizeof(*list->face),
	      better_first);
	for (size_t i = from; i < list->count; i++) {
		struct face f = list->face[i];
		bool new = true;

		for (size_t k = from; k < kept; k++) {
			if (!covered_by(&f, &list->face[k]))
				continue;
			learn(&list->face[k], &f);
			new = false;
			break;
		}
		if (new)
			list->face[kept++] = f;
	}
	list->count = kept;
}

/* ---- which way is up ---- */

static void add_upright(const struct face *f, double sum[4])
{
	for (int t = 0; t < 4; t++)
		for (int n = 0; n < FACE_NETS; n++)
			sum[t] += f->upright[n][t];
}

/* The turns with the highest sum; -1 when two come close. */
static int clear_turns(const double sum[4])
{
	const double margin = .05;
	double best = 0, second = 0;
	int turns = -1;

	for (int t = 0; t < 4; t++) {
		if (sum[t] > best) {
			second = best;
			best = sum[t];
			turns = t;
		} else if (sum[t] > second) {
			second = sum[t];
		}
	}
	return best - second >= margin ? turns : -1;
}

/* In a picture that is turned its own view is as good as the whole. */
static void trust_turned(struct face_list *list)
{
	double sum[4] = { 0 };
	int turns;

	for (size_t i = 0; i < list->count; i++)
		if (list->face[i].sure)
			add_upright(&list->face[i], sum);
	turns = clear_turns(sum);
	for (size_t i = 0; turns > 0 && i < list->count; i++) {
		struct face *f = &list->face[i];

		for (int n = 0; n < FACE_NETS; n++)
			if (f->upright[n][turns] >= turned_from)
				f->sure = f->sure || is_maskable(&f->box);
	}
}

/* In the same turn, and of about the size of a certain face? */
static bool is_like(const struct face *f, const struct face *certain)
{
	const double most = like_size * like_size;
	double a = box_area(&f->box), b = box_area(&certain->box);

	if (!certain->sure || a > most * b || b > most * a)
		return false;
	for (int t = 0; t < 4; t++)
		if (certain->upright[FACE_RFB][t] >= certain_from &&
		    certain->upright[FACE_BLAZE][t] >= certain_from &&
		    f->upright[FACE_RFB][t] + f->upright[FACE_BLAZE][t] > 0)
			return true;
	return false;
}

/* In a group a faint one counts. */
static void trust_groups(struct face_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct face *f = &list->face[i];
		int like = 0;

		if (f->sure || !is_maskable(&f->box))
			continue;
		for (size_t k = 0; k < list->count; k++)
			like += is_like(f, &list->face[k]);
		f->sure = like >= GROUP;
	}
}

void faces_merge(struct face_list *list)
{
	merge_from(list, 0);
	trust_turned(list);
	trust_groups(list);
}

/* ---- from a view to the picture ---- */

struct mapping {
	const struct face_view *view;
	double scale_x, scale_y;
};

static struct face_point to_picture(const struct mapping *m,
				    struct face_point p)
{
	const struct face_view *v = m->view;

	p = face_unturn(p, v->turns);
	return (struct face_point){
		(v->x0 + p.x * (v->x1 - v->x0)) * m->scale_x,
		(v->y0 + p.y * (v->y1 - v->y0)) * m->scale_y,
	};
}

/* What this answer tells of which way is up. */
static void note_upright(struct face *f, int turns)
{
	const struct face_pass *p = f->pass;
	bool near = p->sight == SIGHT_WHOLE || p->sight == SIGHT_TURNED;

	if (!near && f->score < band_from)
		return;
	f->upright[p->net][turns] = f->score;
	f->has_turned_eyes[turns] = f->has_eyes;
	memcpy(f->turned_eye[turns], f->eye, sizeof(f->eye));
}

static struct face face_of(const struct face_hit *hit,
			   const struct face_pass *pass,
			   const struct mapping *m)
{
	struct face_point a = to_picture(m, (struct face_point){ hit->x0,
								  hit->y0 });
	struct face_point b = to_picture(m, (struct face_point){ hit->x1,
								  hit->y1 });
	struct face f = {
		.box = { fmin(a.x, b.x), fmin(a.y, b.y), fmax(a.x, b.x),
			 fmax(a.y, b.y) },
		.has_eyes = hit->has_eyes, .pass = pass, .score = hit->score,
		.sure = hit->score >= pass->box_from,
	};

	f.sure = f.sure && is_maskable(&f.box);
	f.hull = f.box;
	for (int i = 0; f.has_eyes && i < 2; i++)
		f.eye[i] = to_picture(m, hit->eye[i]);
	note_upright(&f, m->view->turns);
	return f;
}

bool faces_add(struct face_list *list, const struct face_hits *hits,
	       const struct face_pass *pass, const struct face_view *view,
	       double scale_x, double scale_y)
{
	const struct mapping m = { view, scale_x, scale_y };
	size_t before = list->count;

	for (size_t i = 0; i < hits->count; i++) {
		struct face f = face_of(&hits->hit[i], pass, &m);

		if (f.score < pass->shown_from ||
		    short_side(&f.box) < least_shown)
			continue;
		if (!mem_grow(&list->face, &list->capacity, list->count,
			      sizeof(*list->face)))
			return false;
		list->face[list->count++] = f;
	}
	merge_from(list, before);
	return true;
}

/* ---- what is masked ---- */

static int to_pixel(double v, double (*round_to)(double))
{
	const double far = 1 << 20;     /* outside every picture */

	return (int)round_to(fmin(fmax(v, -far), far));
}

static struct region outward(const struct face_box *b)
{
	return (struct region){ to_pixel(b->x0, floor), to_pixel(b->y0, floor),
				to_pixel(b->x1, ceil), to_pixel(b->y1, ceil) };
}

/* Eyes and brows, as shares of an upright box of each network. */
static const struct face_box band[FACE_NETS] = {
	[FACE_RFB] = { -.12, .12, 1.12, .58 },
	[FACE_BLAZE] = { -.08, -.08, 1.08, .44 },
};

/* The part of a box that is `share` of it when turned upright. */
static struct face_box part_of(const struct face_box *box,
			       const struct face_box *share, int turns)
{
	struct face_point a = face_unturn((struct face_point){ share->x0,
								share->y0 },
					  turns);
	struct face_point b = face_unturn((struct face_point){ share->x1,
								share->y1 },
					  turns);
	double w = box->x1 - box->x0, h = box->y1 - box->y0;

	return (struct face_box){ box->x0 + fmin(a.x, b.x) * w,
				  box->y0 + fmin(a.y, b.y) * h,
				  box->x0 + fmax(a.x, b.x) * w,
				  box->y0 + fmax(a.y, b.y) * h };
}

/*
 * Round a band along the line between the eyes, 1.3 of their distance to each
 * side of its middle and .65 across.
 */
static struct face_box tilted(const struct face_point eye[2])
{
	double dx = eye[1].x - eye[0].x, dy = eye[1].y - eye[0].y;
	double x = (eye[0].x + eye[1].x) / 2, y = (eye[0].y + eye[1].y) / 2;
	double w = 1.3 * fabs(dx) + .65 * fabs(dy);
	double h = 1.3 * fabs(dy) + .65 * fabs(dx);

	return (struct face_box){ x - w, y - h, x + w, y + h };
}

/*
 * The turns in which it looks most like a face; -1 when two come close.  Most
 * heads turned by 90 or 180 degrees are found as well, with a lower score.
 */
static int upright_turns(const struct face *f)
{
	double sum[4] = { 0 };

	add_upright(f, sum);
	return clear_turns(sum);
}

/* What the points of the eyes say about the band. */
enum eyes { EYES_UNKNOWN, EYES_LEVEL, EYES_TILTED };

/* A head seen from the side has its eyes close together: no word. */
static enum eyes eyes_of(const struct face *f, int turns)
{
	const double near = .25;        /* of the box's width */
	const double level = .577;      /* tangent of 30 degrees */
	const struct face_point *e = f->turned_eye[turns];
	double dx = fabs(e[1].x - e[0].x), dy = fabs(e[1].y - e[0].y);
	bool lying = turns & 1;
	double wide = lying ? f->box.y1 - f->box.y0 : f->box.x1 - f->box.x0;

	if (!f->has_turned_eyes[turns] || hypot(dx, dy) < near * wide)
		return EYES_UNKNOWN;
	return (lying ? dx <= level * dy : dy <= level * dx) ? EYES_LEVEL :
							       EYES_TILTED;
}

/* The hull, drawn towards the box until it is most_hull times its area. */
static struct face_box held_hull(const struct face *f)
{
	const struct face_box *a = &f->box, *h = &f->hull;
	double least = 0, most = 1;
	struct face_box b = *h;

	for (int i = 0; i < 12 && box_area(h) > most_hull * box_area(a); i++) {
		double m = (least + most) / 2;

		b = (struct face_box){ a->x0 + m * (h->x0 - a->x0),
				       a->y0 + m * (h->y0 - a->y0),
				       a->x1 + m * (h->x1 - a->x1),
				       a->y1 + m * (h->y1 - a->y1) };
		if (box_area(&b) > most_hull * box_area(a))
			most = m;
		else
			least = m;
	}
	return b;
}

struct region face_whole(const struct face *f)
{
	struct face_box b = held_hull(f);
	double w = (b.x1 - b.x0) * whole_growth;
	double h = (b.y1 - b.y0) * whole_growth;
	int turns = upright_turns(f);

	b = (struct face_box){ b.x0 - w, b.y0 - h, b.x1 + w, b.y1 + h };
	w = b.x1 - b.x0;
	h = b.y1 - b.y0;
	/* down, as the face stands, is the way its view was turned */
	switch (turns < 0 && f->pass->sight == SIGHT_TURNED ? f->pass->index :
							      turns) {
	case 1:
		b.x1 = fmax(b.x1, b.x0 + whole_height * h);
		break;
	case 2:
		b.y0 = fmin(b.y0, b.y1 - whole_height * w);
		break;
	case 3:
		b.x0 = fmin(b.x0, b.x1 - whole_height * h);
		break;
	default:
		b.y1 = fmax(b.y1, b.y0 + whole_height * w);
	}
	return outward(&b);
}

bool face_eyes(const struct face *f, struct region *eyes)
{
	int turns = upright_turns(f);
	enum eyes known = turns < 0 ? EYES_TILTED : eyes_of(f, turns);
	struct face_box b, t;

	if (known == EYES_TILTED)
		return false;
	b = part_of(&f->box, &band[f->pass->net], turns);
	if (known == EYES_LEVEL) {
		t = tilted(f->turned_eye[turns]);
		b = hull_of(&b, &t);
	}
	*eyes = outward(&b);
	return true;
}
