/* review_gate.c - the model: what Space, Z, F, R and ! may do now.  The only
 * file that lets a verdict out. */
#include "config.h"

#include "review/model.h"

#include <stdio.h>

enum { SPACE_AGAIN_MS = 150 };  /* DESIGN 8.2 */

bool model_decided(const struct review *m)
{
	static const bool decided[ITEM_STATES] = {
		[ITEM_MASKED] = true, [ITEM_CLEAN] = true,
		[ITEM_WITHHELD] = true, [ITEM_ESCALATED] = true,
	};

	return m->item && decided[m->item->state];
}

bool model_editable(struct review *m)
{
	if (model_decided(m))
		model_bell(m, _("decided already: {undo} takes it back"));
	else if (!m->has_info || !(m->detected || m->stage_failed))
		model_bell(m, _("still reading: wait"));
	else
		return true;
	return false;
}

/* ---- what has to be true ---- */

/*
 * DESIGN 7: faces are checked on PNG, JPEG and colour pictures, and where the
 * detector wanted to look (grey photographs) and had no networks.
 */
bool faces_unchecked(const struct image_info *info, enum check_state faces)
{
	bool wanted = info->format != IMAGE_DICOM || info->colour ||
		      faces == CHECK_NO_MODEL;

	return wanted && faces != CHECK_DONE;
}

bool review_faces_missing(const struct review *m)
{
	return m->detected && faces_unchecked(&m->info, m->faces);
}

static bool faces_missing(const struct review *m)
{
	return review_faces_missing(m) && !m->by_eye;
}

static bool stage_missing(const struct review *m)
{
	bool failed = m->stage_failed || m->text != CHECK_DONE ||
		m->faces == CHECK_FAILED || m->frames_read < m->info.frames;

	return failed && !m->by_eye;
}

/*
 * head_surface = require: what may be a head leaves only with a mask of class
 * face or eyes, which says that the surface was dealt with.
 */
static bool head_missing(const struct review *m)
{
	if (m->head_surface != HEAD_REQUIRE || m->info.head == HEAD_PART_NONE)
		return false;
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct box *b = &m->boxes.box[i].box;

		if (review_masked(&m->boxes.box[i]) &&
		    b->plane == PLANE_PICTURE &&
		    (b->class_ == CLASS_FACE || b->class_ == CLASS_EYES))
			return false;
	}
	return true;
}

static bool is_being_read(const struct review *m)
{
	return !m->has_info || !(m->detected || m->stage_failed);
}

/* A verdict names the file by its hash and holds all its boxes, also those of
 * before: so long none is given.  What nobody looked at may be kept back. */
static bool lacks_what_to_keep(const struct review *m)
{
	return is_being_read(m) && (m->is_known || !m->item->has_sha256);
}

bool review_awaits_paint(const struct review *m)
{
	return m->search && !is_being_read(m);
}

/* What stands in the way of any verdict that lets the picture leave. */
static enum space_action obstacle(const struct review *m, int *n, int *of)
{
	int next;

	if (m->changed)
		return SPACE_BLOCKED_CHANGED;
	if (is_being_read(m)) {
		*n = m->permille;
		*of = 1000;
		return SPACE_WAIT_READING;
	}
	if (m->search) {
		*n = *of = 1000;
		return SPACE_WAIT_READING;
	}
	if (m->broken || !m->plan.legible)
		return SPACE_BLOCKED_LEGIBLE;
	next = evidence_next_page(&m->plan, m->page);
	if (next >= 0) {
		*n = next + 1;
		*of = (int)m->plan.page_count;
		return SPACE_EVIDENCE;
	}
	if (!evidence_all_shown(&m->plan))
		return SPACE_BLOCKED_LEGIBLE;
	/* a tile of the tour may cut what its own crop shows whole */
	if (m->plan.faint_left > 0) {
		*n = m->plan.faint_left;
		return SPACE_BLOCKED_FAINT;
	}
	if (stage_missing(m))
		return SPACE_BLOCKED_FAILED;
	if (head_missing(m))
		return SPACE_BLOCKED_HEAD;
	return faces_missing(m) ? SPACE_BLOCKED_FACES : SPACE_APPROVE;
}

bool model_needs_tour(const struct review *m)
{
	return !is_being_read(m) && (model_masked(m, NULL) == 0 ||
		m->scan_always || faces_missing(m) || stage_missing(m));
}

int review_tour_seen(const struct review *m)
{
	int seen = 0;

	for (size_t i = 0; i < m->tour.page_count; i++)
		seen += m->tour.page[i].shown;
	return seen;
}

static enum space_action tour_action(const struct review *m, int *n, int *of)
{
	if (!m->tour.legible)
		return SPACE_BLOCKED_LEGIBLE;
	*n = evidence_next_page(&m->tour, m->tour_page) + 1;
	*of = (int)m->tour.page_count;
	return SPACE_TOUR;
}

static enum space_action sheet_action(const struct review *m, int *n, int *of)
{
	*n = evidence_next_page(&m->sheet_plan, m->sheet_page) + 1;
	*of = (int)m->sheet_plan.page_count;
	return *n > 0 ? SPACE_EVIDENCE : SPACE_NOTHING;
}

/* What stands in the way of the mask verdict, the tour aside. */
static enum space_action what_is_left(const struct review *m, int *n, int *of)
{
	enum space_action action = obstacle(m, n, of);
	int all, masked = model_masked(m, &all);

	if (action != SPACE_APPROVE)
		return action;
	if (masked == 0) {
		*n = review_tour_seen(m);
		*of = (int)m->tour.page_count;
		return all > 0 ? SPACE_BLOCKED_REJECTED_ALL :
			SPACE_CLEAN_NEEDED;
	}
	/* require_scan = always: also with boxes */
	return m->scan_always && !review_tour_done(m) ? SPACE_BLOCKED_SCAN :
							SPACE_APPROVE;
}

/* v was pressed: Space leads on through the tour that is asked for. */
static enum space_action picture_action(const struct review *m, int *n,
					int *of)
{
	static const bool wants_tour[SPACE_ACTIONS] = {
		[SPACE_BLOCKED_FACES] = true, [SPACE_BLOCKED_FAILED] = true,
		[SPACE_BLOCKED_REJECTED_ALL] = true,
		[SPACE_BLOCKED_SCAN] = true, [SPACE_CLEAN_NEEDED] = true,
	};
	enum space_action action = what_is_left(m, n, of);

	return wants_tour[action] && m->tour_asked && m->has_tour &&
	       m->tour.legible && !review_tour_done(m) ?
	       tour_action(m, n, of) : action;
}

enum space_action review_space(const struct review *m, int *n, int *of)
{
	int unused_n, unused_of;

	n = n ? n : &unused_n;
	of = of ? of : &unused_of;
	*n = *of = 0;
	if (m->mode == MODE_LIST)
		return m->list_count > 0 ? SPACE_OPEN_ITEM : SPACE_NOTHING;
	if (m->mode == MODE_SHEET)
		return sheet_action(m, n, of);
	if (m->mode == MODE_EDIT || m->mode == MODE_ADD)
		return SPACE_KEEP_EDIT;
	if (!m->item || m->concluded || m->mode != model_base(m))
		return SPACE_NOTHING;
	if (m->touring)
		return tour_action(m, n, of);
	if (model_decided(m))
		return SPACE_NEXT;
	return picture_action(m, n, of);
}

/* ---- verdicts ---- */

/* All masks and candidates: what was decided on, one by one. */
static bool record_boxes(struct review *m)
{
	decided_list_done(&m->recorded);
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct decided_box *b = &m->boxes.box[i];

		if ((b->box.tier == TIER_BOX ||
		     b->box.tier == TIER_CANDIDATE) &&
		    !decided_list_add(&m->recorded, b))
			return false;
	}
	return true;
}

/* A picture leaves only through one of these two. */
static bool may_leave(const struct review *m, enum item_state state)
{
	int n, of;

	if (state == ITEM_MASKED)
		return picture_action(m, &n, &of) == SPACE_APPROVE;
	if (state == ITEM_CLEAN)
		return obstacle(m, &n, &of) == SPACE_APPROVE &&
			model_masked(m, NULL) == 0 && review_tour_done(m);
	return !lacks_what_to_keep(m) &&
		(state == ITEM_WITHHELD || state == ITEM_ESCALATED);
}

/* again: it is what U acts on. */
static bool note_verdict(struct review *m, enum item_state state, int reason,
			 bool again)
{
	const struct undo_verdict verdict = { state, reason, m->by_eye };

	if (!record_boxes(m) ||
	    !undo_keep(&m->undo, m->row, &m->boxes, &m->loaded))
		return false;
	if (again)
		undo_again(&m->undo);
	return again || undo_record_verdict(&m->undo, m->row, &verdict);
}

static void conclude(struct review *m, enum item_state state, int reason,
		     bool again)
{
	if (!m->item || m->concluded || model_decided(m) ||
	    !may_leave(m, state))
		return;
	if (!note_verdict(m, state, reason, again)) {
		model_bell(m, _("no memory: nothing was decided"));
		return;
	}
	m->taken_back = 0;
	m->verdict = (struct verdict){
		.verdict = state, .reason = reason,
		.boxes = m->recorded.box, .box_count = m->recorded.count,
		.seen = m->seen, .seen_count = m->seen_count,
		.faces_by_eye = m->by_eye,
		.head = m->info.head != HEAD_PART_NONE,
		.active_ms = m->active_ms, .view_ms = m->view_ms,
	};
	m->concluded = true;
	m->effects |= EFFECT_VERDICT | EFFECT_FLUSH_INPUT;
	model_go(m, TARGET_NEXT);
}

void model_conclude(struct review *m, enum item_state state, int reason)
{
	conclude(m, state, reason, false);
}

/* ---- Space ---- */

/* The tour is at its end: what has to be said now, and by which key. */
static const char *after_tour(const struct review *m)
{
	int n, of;
	bool masked = model_masked(m, NULL) > 0;

	switch (what_is_left(m, &n, &of)) {
	case SPACE_BLOCKED_FACES:
	case SPACE_BLOCKED_FAILED:
		return masked ?
			N_("tour done: {by-eye} if no face and no text is "
			   "left, then {approve}; {add} adds") :
			N_("tour done: {by-eye} if no face and no text is "
			   "left, then {clean}; {add} adds");
	case SPACE_CLEAN_NEEDED:
	case SPACE_BLOCKED_REJECTED_ALL:
		return N_("tour done: {clean} if nothing is to be masked, "
			  "{add} adds a box");
	default:
		return N_("tour done; A adds a box");
	}
}

/* The box that is selected is one of the page on the screen, or none is. */
static void turn_to(struct review *m, int page)
{
	if (m->selected >= 0 &&
	    !evidence_on_page(model_current_plan(m), page, m->selected))
		m->selected = -1;
	model_show_page(m, page);
}

static void space_evidence(struct review *m)
{
	if (m->mode == MODE_SHEET)
		model_next_sheet_page(m);
	else
		turn_to(m, evidence_next_page(&m->plan, m->page));
}

/* At the first tile that was not seen. */
static void start_tour(struct review *m)
{
	m->touring = true;
	m->mode = MODE_TOUR;
	m->tour_page = evidence_next_page(&m->tour, 0);
	turn_to(m, m->tour_page < 0 ? 0 : m->tour_page);
}

static void space_tour(struct review *m)
{
	int next = evidence_next_page(&m->tour, m->tour_page);

	if (!m->touring) {
		start_tour(m);
		return;
	}
	if (next >= 0) {
		turn_to(m, next);
		return;
	}
	m->touring = false;
	m->mode = MODE_REVIEW;
	model_say(m, "%s", _(after_tour(m)));
	if (m->page >= 0)
		model_show_page(m, m->page);
	else
		model_reset_view(m);
	model_touch(m);
}

static void space_approve(struct review *m)
{
	model_conclude(m, ITEM_MASKED, 0);
}

static void space_keep(struct review *m)
{
	command_keep(m, &(struct event){ .command = CMD_KEEP });
}

static void space_open(struct review *m)
{
	model_go(m, TARGET_CURSOR);
}

static void space_next(struct review *m)
{
	model_go(m, TARGET_NEXT);
}

static const struct {
	void (*run)(struct review *m);
	const char *why_not;
} space_does[SPACE_ACTIONS] = {
	[SPACE_EVIDENCE] = { space_evidence, NULL },
	[SPACE_APPROVE] = { space_approve, NULL },
	[SPACE_TOUR] = { space_tour, NULL },
	[SPACE_KEEP_EDIT] = { space_keep, NULL },
	[SPACE_OPEN_ITEM] = { space_open, NULL },
	[SPACE_NEXT] = { space_next, NULL },
	[SPACE_NOTHING] = { NULL, "" },
	[SPACE_WAIT_READING] = { NULL, N_("still reading: wait") },
	[SPACE_BLOCKED_FACES] = { NULL,
		N_("faces not checked: {tour} shows all, then {by-eye}") },
	[SPACE_BLOCKED_FAILED] = { NULL,
		N_("not fully read: {tour} shows all, then {by-eye}") },
	[SPACE_BLOCKED_CHANGED] = { NULL, N_("the file has changed") },
	[SPACE_BLOCKED_LEGIBLE] = { NULL,
		N_("too small to read: make the terminal larger") },
	[SPACE_BLOCKED_REJECTED_ALL] = { NULL,
		N_("no mask is left: {tour}, then {clean}; or {escalate}") },
	[SPACE_BLOCKED_FAINT] = { NULL,
		N_("faint ink is left: {tour} shows it") },
	[SPACE_BLOCKED_HEAD] = { NULL,
		N_("a head: mask the face (class f or e), or {withhold} "
		   "withhold") },
	[SPACE_BLOCKED_SCAN] = { NULL,
		N_("the policy wants the tour first: {tour}") },
	[SPACE_CLEAN_NEEDED] = { NULL, N_("no box: {tour} looks through all, "
					  "then {clean}") },
};

/* Behind the last page of a contact sheet. */
static const char *sheet_end(const struct review *m)
{
	return m->sheet->by_state[GROUP_ALIKE] > 0 ?
	       N_("that was all: {group} approves those alike") :
	       N_("that was all: {back} goes back");
}

/* Why Space does nothing; once the tour is done, what there is to do. */
static const char *why_space_waits(const struct review *m,
				   enum space_action action)
{
	bool toured = action == SPACE_BLOCKED_FACES ||
		      action == SPACE_BLOCKED_FAILED ||
		      action == SPACE_CLEAN_NEEDED ||
		      action == SPACE_BLOCKED_REJECTED_ALL;

	if (action == SPACE_BLOCKED_SCAN && m->blind)
		return N_("a blind reading needs the tour first: {tour}");
	if (action == SPACE_NOTHING && m->mode == MODE_SHEET)
		return sheet_end(m);
	return toured && review_tour_done(m) ? after_tour(m) :
					       space_does[action].why_not;
}

bool model_on_seen_screen(const struct review *m, const struct event *e)
{
	return e->answered && m->painted == m->revision;
}

void command_approve(struct review *m, const struct event *e)
{
	enum space_action action = review_space(m, NULL, NULL);
	bool again = e->ms - m->last_space < SPACE_AGAIN_MS;

	m->last_space = e->ms;
	/* opening decides nothing: the worklist may have moved on since */
	if (again || (action != SPACE_OPEN_ITEM && !model_on_seen_screen(m, e)))
		return;
	if (space_does[action].run)
		space_does[action].run(m);
	else if (*why_space_waits(m, action))
		model_bell(m, _(why_space_waits(m, action)));
}

/* ---- Z, F, v, R, ! ---- */

static const char *why_not(const struct review *m, enum space_action action)
{
	return action == SPACE_EVIDENCE || action == SPACE_TOUR ?
	       N_("{approve} shows the evidence first") :
	       why_space_waits(m, action);
}

/* Why the item can't be called clean now; NULL: it can. */
static const char *why_not_clean(const struct review *m)
{
	int n, of;
	enum space_action action = obstacle(m, &n, &of);

	if (model_masked(m, NULL) > 0)
		return N_("there are masks: {approve} approves them");
	if (m->touring && !review_tour_done(m))
		return N_("first the rest of the tour: {approve}");
	if (action != SPACE_APPROVE)
		return why_not(m, action);
	return review_tour_done(m) ? NULL : N_("the tour first: {tour}");
}

bool review_counts(const struct review *m, enum command command)
{
	int n, of;
	enum space_action action = obstacle(m, &n, &of);

	if (command == CMD_CLEAN)
		return !why_not_clean(m);
	if (command == CMD_BY_EYE)
		return review_tour_done(m) &&
		       (action == SPACE_BLOCKED_FACES ||
			action == SPACE_BLOCKED_FAILED);
	if (command == CMD_UNMASK)
		return model_masked(m, NULL) > 0;
	return true;
}

void command_clean(struct review *m, const struct event *e)
{
	const char *why = why_not_clean(m);

	if (!model_editable(m) || !model_on_seen_screen(m, e))
		return;
	if (why)
		model_bell(m, _(why));
	else
		model_conclude(m, ITEM_CLEAN, 0);
}

/* No face and no text is left: said, and in the log. */
static void say_by_eye(struct review *m)
{
	struct seen seen = { .frame = m->view.frame_index };

	snprintf(seen.mode, sizeof(seen.mode), "%s", "by-eye");
	if (!m->by_eye && !model_seen(m, &seen))
		m->broken = true;
	else
		m->by_eye = true;
}

void command_by_eye(struct review *m, const struct event *e)
{
	if (!model_editable(m) || !model_on_seen_screen(m, e))
		return;
	if (!review_tour_done(m)) {
		model_bell(m, m->touring ?
			   _("first the rest of the tour: {approve}") :
			   _("the tour first: {tour}"));
		return;
	}
	say_by_eye(m);
	if (!m->by_eye)
		return;
	model_say(m, "%s", _("noted: no face and no identifying text is left"));
	model_touch(m);
}

/* ---- U ---- */

/* Why a verdict with which the item leaves can't be given again; NULL: it
 * can. */
static const char *why_not_again(struct review *m, const struct event *e,
				 const struct undo_entry *was)
{
	enum space_action action;
	int n, of;

	if (!model_on_seen_screen(m, e) || m->search)
		return N_("still being drawn: once more");
	if (!decided_list_equal(&m->boxes, &was->after))
		return N_("the boxes are not as they were: decide anew");
	if (was->verdict.by_eye && review_tour_done(m))
		say_by_eye(m);
	if (was->verdict.state == ITEM_CLEAN)
		return why_not_clean(m);
	action = what_is_left(m, &n, &of);
	return action == SPACE_APPROVE ? NULL : why_not(m, action);
}

void model_decide_again(struct review *m, const struct event *e,
			const struct undo_entry *was)
{
	bool leaves = was->verdict.state == ITEM_MASKED ||
		      was->verdict.state == ITEM_CLEAN;
	const char *why;

	if (!model_editable(m))
		return;
	why = leaves ? why_not_again(m, e, was) : NULL;
	if (why)
		model_bell(m, _(why));
	else
		conclude(m, was->verdict.state, was->verdict.reason, true);
}

/* The faint ink that did not fit on its page, on pages of its own: at once
 * when it is their turn, else behind the tour.  False: behind it. */
static bool show_all_faint(struct review *m)
{
	bool now = review_space(m, NULL, NULL) == SPACE_BLOCKED_FAINT;

	if (m->plan.faint_left > 0) {
		m->all_faint = true;
		model_plan(m);
	}
	if (now)
		turn_to(m, evidence_next_page(&m->plan, m->page));
	return now;
}

void command_tour(struct review *m, const struct event *e)
{
	(void)e;
	if (!m->has_info || !(m->detected || m->stage_failed)) {
		model_bell(m, _("still reading: wait"));
		return;
	}
	if (!m->has_tour)
		model_plan_tour(m);
	m->tour_asked = true;
	if (show_all_faint(m))
		return;
	if (!m->tour.legible) {
		model_bell(m, _(space_does[SPACE_BLOCKED_LEGIBLE].why_not));
		return;
	}
	start_tour(m);
}

static void ask_to_keep_back(struct review *m, enum asked asked)
{
	if (model_decided(m))
		model_bell(m, _("decided already: {undo} takes it back"));
	else if (lacks_what_to_keep(m))
		model_bell(m, _("still reading: wait"));
	else
		model_ask(m, asked);
}

void command_withhold(struct review *m, const struct event *e)
{
	(void)e;
	ask_to_keep_back(m, ASKED_WITHHOLD);
}

void command_escalate(struct review *m, const struct event *e)
{
	(void)e;
	ask_to_keep_back(m, ASKED_ESCALATE);
}
