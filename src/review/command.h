/*
 * command.h - the commands of the screen as one table: name and help text.
 * The key table (ui/key), the help screen and the man page are made from it.
 */
#ifndef SUMI_COMMAND_H
#define SUMI_COMMAND_H

#include "base/i18n.h"

#define COMMANDS(X) \
	X(APPROVE, "approve", \
	  N_("show the next evidence; when all was shown, approve")) \
	X(CLEAN, "clean", N_("verdict clean: nothing to mask, after the tour")) \
	X(BY_EYE, "by-eye", N_("where reading or faces failed: you saw that none is left")) \
	X(REJECT, "reject", N_("take the mask off this box, or put it back")) \
	X(UNMASK, "unmask", \
	  N_("take off several masks: their letters, then Enter")) \
	X(REJECT_ALL, "reject-all", \
	  N_("take off all masks; clean or escalate must follow")) \
	X(WITHHOLD, "withhold", N_("withhold: this item must not leave")) \
	X(ESCALATE, "escalate", \
	  N_("escalate to somebody else, with a reason")) \
	X(SELECT, "select", N_("select box n; 0 selects none")) \
	X(BOX_NEXT, "box-next", N_("select the next box")) \
	X(BOX_PREV, "box-prev", N_("select the previous box")) \
	X(CANDIDATE_NEXT, "candidate-next", N_("select the next candidate")) \
	X(CANDIDATE_PREV, "candidate-prev", N_("select the previous candidate")) \
	X(TAKE, "take", N_("mask this candidate")) \
	X(HINT, "hint", N_("mask a line of text: a letter picks it")) \
	X(ADD, "add", N_("add a box: digits narrow the area, Enter keeps it")) \
	X(ONLY, "only", N_("mask all but this area")) \
	X(EDIT, "edit", N_("move and resize this box")) \
	X(SNAP, "snap", \
	  N_("fit this box to its line; again: its block; its banner")) \
	X(REPEAT, "repeat", N_("do the last edit again, on this box")) \
	X(CLASS, "class", N_("set the class of this box (then a letter)")) \
	X(FACE, "face", N_("face: eyes, whole face, no mask (with a reason)")) \
	X(UNDO, "undo", N_("take back the last change, also after going on")) \
	X(REDO, "redo", N_("do again what was taken back")) \
	X(TOUR, "tour", N_("tour: every part that has ink, legibly")) \
	X(MASKS, "masks", \
	  N_("masks: outline, filled as in the result, hidden")) \
	X(ZOOM_BOX, "zoom-box", N_("zoom to this box and back")) \
	X(ZOOM_IN, "zoom-in", N_("zoom in")) \
	X(ZOOM_OUT, "zoom-out", N_("zoom out")) \
	X(FIT, "fit", N_("fit the picture to the window")) \
	X(LEGIBLE, "legible", N_("zoom until 12 pixel letters are legible")) \
	X(LEFT, "left", N_("left: pan, or move by 1 pixel while editing")) \
	X(DOWN, "down", N_("down: pan, or move by 1 pixel while editing")) \
	X(UP, "up", N_("up: pan, or move by 1 pixel while editing")) \
	X(RIGHT, "right", N_("right: pan, or move by 1 pixel while editing")) \
	X(LEFT_8, "left-8", N_("left by a page, or by 8 pixels")) \
	X(DOWN_8, "down-8", N_("down by a page, or by 8 pixels")) \
	X(UP_8, "up-8", N_("up by a page, or by 8 pixels")) \
	X(RIGHT_8, "right-8", N_("right by a page, or by 8 pixels")) \
	X(HANDLE, "handle", N_("edit: next edge; moves then push that edge")) \
	X(GROW, "grow", N_("edit: all edges outward by 1 pixel")) \
	X(SHRINK, "shrink", N_("edit: all edges inward by 1 pixel")) \
	X(BLOCKS, "blocks", N_("edit: outward to whole blocks of a JPEG")) \
	X(FULL_WIDTH, "full-width", N_("edit: over the full width")) \
	X(KEEP, "keep", N_("keep this edit")) \
	X(DROP, "drop", N_("back, and nothing changes")) \
	X(FRAME_NEXT, "frame-next", N_("next frame")) \
	X(FRAME_PREV, "frame-prev", N_("previous frame")) \
	X(FRAME_FIRST, "frame-first", N_("first frame")) \
	X(FRAME_LAST, "frame-last", N_("last frame")) \
	X(WINDOW_NARROW, "window-narrow", N_("narrower window")) \
	X(WINDOW_WIDE, "window-wide", N_("wider window")) \
	X(LEVEL_DOWN, "level-down", N_("lower level")) \
	X(LEVEL_UP, "level-up", N_("higher level")) \
	X(PRESET, "window", \
	  N_("window preset (then a digit); 0 as the file says")) \
	X(INVERT, "invert", N_("invert grey values")) \
	X(DETAILS, "details", N_("details: class, score, why, coordinates")) \
	X(ITEM_NEXT, "item-next", N_("next item")) \
	X(ITEM_PREV, "item-prev", N_("previous item")) \
	X(OPEN, "open", N_("open this item")) \
	X(TAG, "tag", N_("tag this item and move on, or take its tag off")) \
	X(TAGGED, "tagged", \
	  N_("the next key is for all tagged: escalate, withhold, open, tag")) \
	X(SORT, "sort", N_("order of the worklist (then a letter)")) \
	X(LIST, "list", N_("back to the worklist")) \
	X(LIST_FIRST, "list-first", N_("first item")) \
	X(ITEM, "item", N_("last item; after a number the item of that " \
			   "number")) \
	X(NEXT_UNDECIDED, "next-undecided", N_("next undecided item")) \
	X(PREV_UNDECIDED, "prev-undecided", N_("previous undecided item")) \
	X(RELEASE, "release", \
	  N_("write and release what is decided (and agreed to, if asked)")) \
	X(REMEMBER, "remember", \
	  N_("remember these masks for this device and size")) \
	X(PROPAGATE, "propagate", \
	  N_("hand on: f to all frames, s g to other pictures, t remembers")) \
	X(SHEET, "sheet", N_("contact sheet of the pictures that are alike")) \
	X(GROUP, "group", \
	  N_("approve all that are alike, after their contact sheet")) \
	X(CARD, "card", N_("test card: what this terminal draws")) \
	X(HELP, "help", N_("help: type to search, Enter runs what is found")) \
	X(LINE, "line", \
	  N_("type a command or a number; Tab completes, Up recalls")) \
	X(SEARCH, "search", \
	  N_("filter: st:open mod:US dev:1 flag:1 tag:1 and parts of names")) \
	X(REDRAW, "redraw", N_("draw the screen again")) \
	X(BLANK, "blank", N_("blank the screen; any key shows it again")) \
	X(MOUSE, "mouse", N_("mouse on or off: click, drag, wheel")) \
	X(SUSPEND, "suspend", N_("suspend the program")) \
	X(BACK, "back", N_("back, or leave")) \
	X(QUIT, "quit", N_("leave the program"))

enum command {
	CMD_NONE,
#define X(name, word, help) CMD_##name,
	COMMANDS(X)
#undef X
	COMMAND_COUNT
};

struct command_info { const char *word, *help; };
/* Indexed by enum command; help is an English msgid. */
extern const struct command_info command_info[COMMAND_COUNT];
#endif
