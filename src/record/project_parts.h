/* project_parts.h - what the files of a project share among themselves. */
#ifndef SUMI_PROJECT_PARTS_H
#define SUMI_PROJECT_PARTS_H

#include "record/files.h"
#include "record/project.h"

enum { FOLDER_MODE = 0700, OUT_MODE = 02750, OUT_FILE_MODE = 0640 };
#define OUT_README "README.txt"
#define PROJECT_ERASED "erased"         /* in private/: the certificate */
#define QUARANTINE "quarantine"         /* in private/; once there is need */
#define PROJECT_CERTIFICATES "certificates"     /* likewise: of erase */

/* May something be written that is not the row that is due?  ERR_WRITE. */
bool project_goes_on(const struct project *p, struct error *err);
/*
 * Log what happened to an item.  With seq its row has to follow: nothing else
 * is logged or saved before project_save() with that seq, since later records
 * would hide from the next start that this row is behind.  ERR_WRITE when one
 * before did not follow, or the project is stopped.
 */
bool project_log(struct project *p, enum log_event event,
		 const struct log_record *record, long long *seq,
		 struct error *err);
/* Write the row and note that it reflects the log up to seq (0: no change),
 * in one transaction. */
bool project_save(struct project *p, const struct worklist_item *item,
		  long long seq, struct error *err);

/*
 * fsync() a file or folder of the project.  After one that failed the kernel
 * may have dropped what it could not write, and a second one of the same
 * descriptor may say that all is well: the project is stopped.
 */
bool project_sync(struct project *p, int fd, struct error *err);
/* Returns good; when it is false, what includes a sync failed: stop too. */
bool project_wrote(struct project *p, bool good);

/* Log what listed rows are not in the log yet. */
bool project_log_listed(struct project *p, struct error *err);

/* Does the worklist, which reflects the log up to seq applied, know records
 * that the log has lost?  One more is no loss: project_close() counts the
 * session.close before it is written. */
bool project_log_lacks(const struct log_check *log, long long applied);

/* Bring the row that a record is about, if there is one, to what it says. */
bool project_apply(struct project *p, const struct log_entry *e,
		   struct error *err);

/* Bring rows, staged files and masks to what the log says (recover.c). */
bool project_recover(struct project *p, struct error *err);

/* Finish, or take back, what was begun on an item and not known to be done.
 * Afterwards item->pending is PENDING_NONE.  ERR_WRITE in a stopped project. */
bool pending_resolve(struct project *p, struct worklist_item *item,
		     struct error *err);

/* "<item>.<seq of the verdict>" in private/staged. */
enum { STAGED_NAME = 64 };
void staged_name(const struct worklist_item *item, char name[STAGED_NAME]);
/* Remove the staged file of an item, if any, durably. */
bool staged_drop(struct project *p, const struct worklist_item *item,
		 struct error *err);

/* Log done and save the row after the file is in its place. */
bool stage_done(struct project *p, struct worklist_item *item,
		struct error *err);
bool release_done(struct project *p, struct worklist_item *item,
		  struct error *err);
/* The part of taking back that follows the logged intent; may be repeated. */
bool withdraw_finish(struct project *p, struct worklist_item *item,
		     struct error *err);
#endif
