/*
 * face_boxes.h - from the answers of the face networks to boxes in a picture:
 * what is looked at, which answers are one face, how large its box must be,
 * and where its eyes are.  Arithmetic only, no library, no files.
 *
 * Sources of the numbers: measured on 516 faces in 252 photographs and 43
 * faces with marked eyes when the networks were chosen.
 */
#ifndef SUMI_FACE_BOXES_H
#define SUMI_FACE_BOXES_H

#include "find/face.h"
#include "find/proposal.h"
#include "image/region.h"

/* How a view is chosen. */
enum face_sight {
	SIGHT_WHOLE,            /* the picture */
	SIGHT_TILE,             /* one of 2 x 2 overlapping parts: small faces
				   */
	SIGHT_WIDE,             /* with wide borders: blurred faces, and those
				   that fill the picture */
	SIGHT_TURNED,           /* the picture turned by 90, 180, 270 degrees */
	SIGHTS
};

/* One run of a network. */
struct face_pass {
	enum face_net net;
	enum face_sight sight;
	int index;              /* tile 0..3, or turns 1..3, or 0; 1: the whole
				   mirrored, or wide with narrower borders */
	double box_from;        /* scores 0..1 from which a face is a proposal
				   */
	double shown_from;      /* and a candidate */
};

enum face_profile { FACE_STANDARD, FACE_THOROUGH, FACE_PROFILES };

/* The passes of a profile, *count of them; borrowed. */
const struct face_pass *face_passes(enum face_profile profile, int *count);

/* What a pass looks at in a picture of this size. */
struct face_view face_view_of(const struct face_pass *pass, int columns,
			      int rows);

/* A point of a turned square (0..1) in the square before it was turned
 * clockwise `turns` times. */
struct face_point face_unturn(struct face_point p, int turns);

/* A rectangle of fractions of pixels. */
struct face_box { double x0, y0, x1, y1; };

/* One face. */
struct face {
	struct face_box box;            /* pixels, as the network gave it */
	struct face_box hull;           /* of all proposals joined to it */
	struct face_point eye[2];       /* when has_eyes */
	bool has_eyes;
	const struct face_pass *pass;   /* that gave the box */
	double score;                   /* 0..1 */
	bool sure;                      /* a proposal, not a candidate */
	/* after faces_merge(): best score of each network by turns */
	double upright[FACE_NETS][4];
	struct face_point turned_eye[4][2];
	bool has_turned_eyes[4];
};

/* Zero-initialise; release with faces_done(). */
struct face_list {
	struct face *face;
	size_t count, capacity;
};
void faces_done(struct face_list *list);

/*
 * Add the answers of a pass over `view` of a picture whose pixels are
 * `scale_x` by `scale_y` pixels of what is reported.  Answers to one face are
 * already joined.  False: no memory.
 */
bool faces_add(struct face_list *list, const struct face_hits *hits,
	       const struct face_pass *pass, const struct face_view *view,
	       double scale_x, double scale_y);

/*
 * One face for what several passes gave: greedy, proposals first, then those
 * not of a tile, then by score.  A box goes when it overlaps a better one by
 * more than .35 (intersection over union; from .5 on the hull grows), or 80 %
 * of it lie in a better one that is less than five times as large.
 *
 * Where the proposals tell that the picture lies on its side or its head, a
 * candidate that a network found in the view of that turn is a proposal from
 * .5 on, as it would be in a picture that stands.  And a candidate of 2/3 to
 * 1.5 times the side of two faces that both networks saw from .7 on is a
 * proposal where one saw it in their turn, in a view of the whole picture.
 */
void faces_merge(struct face_list *list);

/* Shared area over the area of both together. */
double face_overlap(const struct face_box *a, const struct face_box *b);

/*
 * The whole face: the hull, held to 1.7 times the area of the box that won
 * (the turned views answer with boxes of twice a small face: with the 20 %
 * they would mask six times its area), and 20 % outward on all four sides.
 * The networks' boxes end at brow and chin; as detected 39 % of faces are
 * covered to 90 %, so enlarged 96 %.  A box that is wide for its height ends
 * at a surgical mask: it is made 1.25 times as high as wide, downward as the
 * face stands.
 */
struct region face_whole(const struct face *f);

/*
 * The upright box round eyes and brows.  False when it is not known which way
 * is up or where the eyes are: then the whole face is to be masked.
 */
bool face_eyes(const struct face *f, struct region *eyes);

#endif
