/* review_face.c - the model: how much of a face is masked. */
#include "config.h"

#include "review/model.h"

/*
 * A face from the band over its eyes, whichever way up it is.  The bands of
 * find/face_boxes.c are 1.24 and 1.16 boxes of a face wide and lie .35 and .18
 * of a box below its top; a whole face there is 1.4 boxes wide, .2 above and
 * 1.75 tall: so in parts of the band's length at most 1.21 along, and .53 and
 * 1.18 across from its middle.
 */
static struct region face_round(struct region eyes)
{
	int w = region_width(eyes), h = region_height(eyes);
	int x = (eyes.x0 + eyes.x1) / 2, y = (eyes.y0 + eyes.y1) / 2;
	int length = w > h ? w : h;
	int along = length * 61 / 100 + 1, across = length * 120 / 100 + 1;
	struct region face = w >= h ?
		(struct region){ x - along, y - across, x + along,
				 y + across } :
		(struct region){ x - across, y - along, x + across,
				 y + along };

	return region_union(face, eyes);
}

/* The eyes as they were proposed; NULL: only the whole face is known, and
 * where the eyes are in it is not to be guessed. */
static const struct box *eyes_known(const struct review *m,
				    const struct decided_box *b)
{
	const struct decided_box *was = model_loaded_box(m, b->id);

	return was && was->box.class_ == CLASS_EYES ? &was->box : NULL;
}

/* The mask comes back over what it covered first. */
static void mask_eyes(struct review *m)
{
	struct decided_list before;
	struct decided_box *b = model_selected_box(m);
	const struct box *eyes = eyes_known(m, b);

	if (!model_begin_change(m, &before))
		return;
	if (eyes) {
		b->box.region = eyes->region;
		b->box.class_ = CLASS_EYES;
	}
	model_mask_box(m, m->selected);
	model_say(m, "%s", b->box.class_ == CLASS_EYES ? _("the eyes") :
		  _("the whole face"));
	model_end_change(m, &before, true, true, m->selected);
}

static void mask_face(struct review *m)
{
	struct decided_list before;
	struct decided_box *b = model_selected_box(m);

	if (!model_begin_change(m, &before))
		return;
	b->box.region = region_clip(face_round(b->box.region),
				    m->info.columns, m->info.rows);
	b->box.class_ = CLASS_FACE;
	b->box.kind = KIND_FACE;
	if (b->decision == DECISION_MASK)
		b->decision = DECISION_CHANGED;
	model_say(m, "%s", _("the whole face"));
	model_end_change(m, &before, true, true, m->selected);
}

void command_face(struct review *m, const struct event *e)
{
	struct decided_box *b;

	(void)e;
	model_select_shown(m);
	b = model_selected_box(m);
	if (!b || !model_editable(m))
		return;
	if (!model_is_face(&b->box))
		model_bell(m, _("this is no face: {class} f makes it one"));
	else if (b->box.tier != TIER_BOX)
		model_bell(m, _("this is not masked: {take} masks it"));
	else if (!review_masked(b))
		mask_eyes(m);
	else if (b->box.class_ == CLASS_EYES)
		mask_face(m);
	else
		command_reject(m, e);   /* asks for a reason: DESIGN 8.6 */
}
