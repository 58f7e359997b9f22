/* review_window.c - the model: window and level, and presets of them.  Only
 * what is looked at changes here. */
#include "config.h"

#include "review/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double window_step = 0.8, level_step = 0.1;

/*
 * Hounsfield units; usual values of CT, within what Radiopaedia's article
 * "Windowing (CT)" (rID 52108) lists: brain 80/40, subdural 130-300/50-100,
 * stroke 40/40, lungs 1500/-600, mediastinum 350/50, abdomen 400/50, liver
 * 150/30, soft tissues of head and neck 350-400/20-60, bone 1800/400.
 */
static const struct window_preset presets[WINDOW_PRESETS] = {
	{ N_("as the file says"), { 0, 0 } },
	{ N_("brain"), { 40, 80 } },
	{ N_("subdural"), { 75, 200 } },
	{ N_("stroke"), { 40, 40 } },
	{ N_("lung"), { -600, 1500 } },
	{ N_("mediastinum"), { 50, 350 } },
	{ N_("abdomen"), { 50, 400 } },
	{ N_("liver"), { 30, 150 } },
	{ N_("soft tissue"), { 40, 375 } },
	{ N_("bone"), { 400, 1800 } },
};

/* Why a window changes nothing here; NULL: it does. */
static const char *no_window(const struct review *m)
{
	if (m->info.colour)
		return _("a colour picture has no window");
	if (voi_by_table(&m->info))
		return _("a table of its own says how this picture looks");
	return NULL;
}

/* Values of a CT are Hounsfield units once slope and intercept are in
 * (PS3.3 C.11.1); those of others are of each device's own making. */
const struct window_preset *review_preset(const struct review *m, int digit)
{
	if (digit < 0 || digit >= WINDOW_PRESETS || !m->has_info ||
	    no_window(m) || (digit > 0 && strcmp(m->info.modality, "CT") != 0))
		return NULL;
	return &presets[digit];
}

/* The window in use: the reviewer's, else that the frame came in, else the
 * file's, else all values. */
static struct image_window current_window(const struct review *m)
{
	double values = ldexp(1.0, m->info.bits_stored);

	if (m->view.has_window)
		return m->view.window;
	if (m->own_window.width > 0)
		return m->own_window;
	if (m->info.windows > 0)
		return m->info.window[0];
	return (struct image_window){
		m->info.is_signed ? 0.0 : values / 2, values };
}

void command_window(struct review *m, const struct event *e)
{
	struct image_window w = current_window(m);
	int times = e->count < 1 ? 1 : e->count > 100 ? 100 : e->count;

	if (no_window(m)) {
		model_bell(m, no_window(m));
		return;
	}
	m->view.has_window = true;
	for (int i = 0; i < times; i++) {
		if (e->command == CMD_WINDOW_NARROW)
			w.width *= window_step;
		else if (e->command == CMD_WINDOW_WIDE)
			w.width /= window_step;
		else if (e->command == CMD_LEVEL_DOWN)
			w.centre -= w.width * level_step;
		else
			w.centre += w.width * level_step;
	}
	w.width = w.width < 1 ? 1 : w.width > 1e9 ? 1e9 : w.width;
	m->view.window = w;
	model_touch(m);
}

void command_preset(struct review *m, const struct event *e)
{
	(void)e;
	if (no_window(m)) {
		model_bell(m, no_window(m));
		return;
	}
	m->mode = MODE_WINDOW;
	model_touch(m);
}

void model_window_given(struct review *m, int digit)
{
	const struct window_preset *p = review_preset(m, digit);

	if (!p) {
		model_bell(m, digit > 0 && digit < WINDOW_PRESETS ?
			   _("only a CT has these; 0 as the file says") :
			   _("a digit, or Esc"));
		return;
	}
	m->mode = model_base(m);
	m->view.has_window = digit > 0;
	m->view.window = p->window;
	if (digit > 0)
		model_say(m, _("window: %s, W %g L %g"), _(p->name),
			  p->window.width, p->window.centre);
	model_touch(m);
}
