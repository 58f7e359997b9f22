/*
 * policy.h - the rules of a project: private/policy.ini (DESIGN 5.4).
 */
#ifndef SUMI_POLICY_H
#define SUMI_POLICY_H

#include "base/mem.h"
#include "mask/mask.h"

/* What somebody who decides is trained as, in rising order.  ANY: a policy
 * that asks for nothing; somebody of whom nothing is known. */
enum qualification { QUALIFIED_ANY, QUALIFIED_STAFF, QUALIFIED_TECHNOLOGIST,
		     QUALIFIED_PHYSICIAN, QUALIFIED_RADIOLOGIST,
		     QUALIFICATIONS };
extern const char *const qualification_name[QUALIFICATIONS + 1];  /* NULL */
/* The number of a word; NULL (nothing said) is QUALIFIED_ANY; -1: none. */
int qualification_number(const char *word);

enum head_surface { HEAD_KEEP, HEAD_FLAG, HEAD_REQUIRE };

struct policy {
	enum tag_profile tags;
	bool face_eyes;
	enum head_surface head_surface;
	bool patient_id_empty;
	bool strict_residue;            /* see struct mask_job */
	int age_cap;
	char languages[32];
	char words[32];                 /* "": no words of their own; else
					   private/WORDS.words holds them */
	char canonical[1024];           /* all settings, one a line */
	unsigned formats;               /* bit set of enum image_format */
	bool require_scan_always;
	bool blind;                     /* no setting: a second reader sees no
					   boxes and makes the tour */
	enum qualification least;       /* who may call an item masked or
					   clean */
	bool second;                    /* somebody else has to agree before
					   an output is released */
	enum qualification second_least;        /* who may be that */
	bool second_uid;                /* under another user id too */
	int retention_days;             /* that an item is kept after its last
					   record before erase takes it */
	char id[17];                    /* first 16 hex digits of SHA-256 over
					   all settings sorted, defaults too,
					   and over the words */
};

/* From the text of a policy.ini; "" gives the defaults.  False with ERR_USAGE
 * (unknown name, bad value, with the line) or ERR_MEMORY. */
bool policy_read(const char *text, struct policy *policy, struct error *err);

/*
 * Of the project in a directory, before it is opened: detection starts first.
 * A project that is not there, or whose policy.ini can't be read (opening it
 * will tell), has the defaults.  False as policy_read().
 */
bool policy_of_project(const char *directory, struct policy *policy,
		       struct error *err);

/*
 * The words of a project, its file private/WORDS.words (base/vocabulary.h):
 * the id covers them from now on.  False with ERR_USAGE (the line), ERR_MEMORY.
 */
bool policy_add_words(struct policy *policy, const char *text, size_t length,
		      struct error *err);

/* "PROJECT/private/WORDS.words" into name[size], "" when there are none.
 * False when it does not fit. */
bool policy_words_name(const struct policy *policy, const char *project,
		       char *name, size_t size);

/* Append a policy.ini that states all defaults. */
void policy_print_defaults(struct buffer *out);
#endif
