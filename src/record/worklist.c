/* worklist.c - the items and how far each one is, in SQLite. */
#include "config.h"

#include "record/worklist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/hash.h"
#include "base/i18n.h"

enum {
	APPLICATION_ID = 0x53756d69,    /* "Sumi", in the file's header */
	SCHEMA = 3,                     /* user_version */
	BUSY_MS = 2000,                 /* a reader is gone sooner */
	READING_MS = 100,
	OFFSET_DAYS = 1826              /* five years */
};

const char *const item_state_name[ITEM_STATES] = {
	[ITEM_LISTED] = "listed", [ITEM_PROPOSED] = "proposed",
	[ITEM_OPEN] = "open", [ITEM_MASKED] = "masked",
	[ITEM_CLEAN] = "clean", [ITEM_WITHHELD] = "withheld",
	[ITEM_ESCALATED] = "escalated", [ITEM_REFUSED] = "refused",
};

const char *const output_state_name[OUTPUT_STATES] = {
	[OUTPUT_NONE] = "none", [OUTPUT_STAGED] = "staged",
	[OUTPUT_RELEASED] = "released", [OUTPUT_WITHDRAWN] = "withdrawn",
};

/* tally holds how many rows are in each state, so that a count reads no
 * rows: what 0 state, 1 output. */
static const char schema[] =
	"CREATE TABLE item("
	" row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" path BLOB NOT NULL UNIQUE, below INTEGER NOT NULL DEFAULT -1,"
	" name BLOB NOT NULL, why BLOB,"
	" state INTEGER NOT NULL, output INTEGER NOT NULL,"
	" in_sha256 BLOB, out_sha256 BLOB, mask_sha256 BLOB,"
	" size INTEGER, mtime_ns INTEGER, inode INTEGER,"
	" format INTEGER, columns INTEGER, rows INTEGER, frames INTEGER,"
	" modality TEXT, boxes INTEGER, reason INTEGER, reason_uid TEXT,"
	" reason_number INTEGER, verdict_seq INTEGER, patient BLOB,"
	" series BLOB, device BLOB,"
	" out_name BLOB, pending INTEGER NOT NULL, logged INTEGER NOT NULL);"
	"CREATE INDEX item_state ON item(state);"
	"CREATE INDEX item_series ON item(series) WHERE series IS NOT NULL;"
	"CREATE INDEX item_pending ON item(pending) WHERE pending<>0;"
	"CREATE INDEX item_unlogged ON item(logged) WHERE logged=0;"
	"CREATE TABLE tally(what INTEGER, value INTEGER, n INTEGER NOT NULL,"
	" PRIMARY KEY(what,value)) WITHOUT ROWID;"
	"CREATE TRIGGER item_added AFTER INSERT ON item BEGIN"
	" INSERT INTO tally VALUES(0,NEW.state,1)"
	"  ON CONFLICT DO UPDATE SET n=n+1;"
	" INSERT INTO tally VALUES(1,NEW.output,1)"
	"  ON CONFLICT DO UPDATE SET n=n+1; END;"
	"CREATE TRIGGER item_moved AFTER UPDATE OF state ON item"
	" WHEN NEW.state<>OLD.state BEGIN"
	" UPDATE tally SET n=n-1 WHERE what=0 AND value=OLD.state;"
	" INSERT INTO tally VALUES(0,NEW.state,1)"
	"  ON CONFLICT DO UPDATE SET n=n+1; END;"
	"CREATE TRIGGER output_moved AFTER UPDATE OF output ON item"
	" WHEN NEW.output<>OLD.output BEGIN"
	" UPDATE tally SET n=n-1 WHERE what=1 AND value=OLD.output;"
	" INSERT INTO tally VALUES(1,NEW.output,1)"
	"  ON CONFLICT DO UPDATE SET n=n+1; END;"
	"CREATE TABLE proposals(row INTEGER PRIMARY KEY, data BLOB NOT NULL);"
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE patient(hash BLOB PRIMARY KEY,"
	" pseudonym TEXT NOT NULL UNIQUE, days INTEGER NOT NULL)"
	" WITHOUT ROWID;";

#define ITEM_COLUMNS \
	"row,id,path,below,name,why,state,output,in_sha256,out_sha256,mask_sha256," \
	"size,mtime_ns,inode,format,columns,rows,frames,modality,boxes," \
	"reason,reason_uid,reason_number,verdict_seq,patient,series,device," \
	"out_name,pending," HELD "," DEVICE_NUMBER

/* A staged copy on which something was found (worklist.h). */
#define HELD "output=1 AND EXISTS(SELECT 1 FROM setting WHERE setting.name='" \
	WORKLIST_FOUND "'||id AND value<>'')"

/* A setting "device.HEX" keeps the number that a device has here. */
#define DEVICE "device."
#define DEVICE_NUMBER "CASE WHEN device IS NULL THEN 0 ELSE (SELECT value " \
	"FROM setting WHERE setting.name='" DEVICE "'||lower(hex(device))) END"

#define ALIKE "columns=? AND rows=? AND row<>? AND (1<<state)&?"

enum query {
	Q_BEGIN, Q_COMMIT, Q_ROLLBACK, Q_ADD, Q_SET_BELOW, Q_ROW_OF_PATH, Q_GET, Q_FIND,
	Q_STATE, Q_WALK, Q_PUT, Q_NEXT, Q_PREVIOUS, Q_NEXT_IN_SERIES, Q_NEXT_PENDING, Q_NEXT_UNLOGGED,
	Q_SET_LOGGED, Q_SET_LOGGED_ID, Q_SAME_NAMES, Q_LAST, Q_TALLY,
	Q_SET_PROPOSALS, Q_PROPOSALS, Q_SET, Q_VALUE, Q_PATIENT,
	Q_ADD_PATIENT, Q_SET_PATIENT, Q_FORGET, Q_FORGET_PROPOSALS,
	Q_FORGET_NOTES, Q_SHARED, Q_FORGET_PATIENT, Q_HELD, Q_NUMBER_DEVICE,
	Q_ALIKE_IN_SERIES, Q_ALIKE_ON_DEVICE, QUERIES
};

static const char *const sql[QUERIES] = {
	[Q_BEGIN] = "BEGIN IMMEDIATE",
	[Q_COMMIT] = "COMMIT",
	[Q_ROLLBACK] = "ROLLBACK",
	[Q_ADD] = "INSERT OR IGNORE INTO item(id,path,name,why,state,output,"
		  "boxes,pending,logged) VALUES(?,?,?,?,0,0,-1,0,0)",
	[Q_SET_BELOW] = "UPDATE item SET below=? WHERE row=?",
	[Q_ROW_OF_PATH] = "SELECT row FROM item WHERE path=?",
	[Q_GET] = "SELECT " ITEM_COLUMNS " FROM item WHERE row=?",
	[Q_FIND] = "SELECT " ITEM_COLUMNS " FROM item WHERE id=?",
	[Q_STATE] = "SELECT state FROM item WHERE row=?",
	[Q_WALK] = "SELECT row,name,why IS NOT NULL,state,output,modality,"
		   "frames,boxes," HELD "," DEVICE_NUMBER
		   " FROM item ORDER BY row",
	[Q_PUT] = "UPDATE item SET state=?,output=?,in_sha256=?,out_sha256=?,"
		  "mask_sha256=?,size=?,mtime_ns=?,inode=?,format=?,"
		  "columns=?,rows=?,frames=?,modality=?,boxes=?,reason=?,"
		  "reason_uid=?,reason_number=?,verdict_seq=?,patient=?,"
		  "series=?,device=?,out_name=?,pending=? WHERE row=?",
	[Q_NEXT] = "SELECT min(row) FROM item WHERE state=? AND row>=?",
	[Q_PREVIOUS] = "SELECT max(row) FROM item WHERE state=? AND row<=?",
	[Q_NEXT_IN_SERIES] = "SELECT row FROM item WHERE series=? AND row>=? "
			     "AND (1<<state)&? ORDER BY row LIMIT 1",
	[Q_NEXT_PENDING] = "SELECT min(row) FROM item WHERE pending<>0 AND "
			   "row>=?",
	[Q_NEXT_UNLOGGED] = "SELECT min(row) FROM item WHERE logged=0 AND "
			    "row>=?",
	[Q_SET_LOGGED] = "UPDATE item SET logged=1 WHERE logged=0 AND row<=?",
	[Q_SET_LOGGED_ID] = "UPDATE item SET logged=1 WHERE logged=0 AND "
			    "id=?",
	[Q_SAME_NAMES] = "SELECT min(row),max(row) FROM item GROUP BY name "
			 "HAVING count(*)>1 ORDER BY 1 LIMIT 1",
	[Q_LAST] = "SELECT max(row) FROM item",
	[Q_TALLY] = "SELECT what,value,n FROM tally",
	[Q_SET_PROPOSALS] = "INSERT OR REPLACE INTO proposals VALUES(?,?)",
	[Q_PROPOSALS] = "SELECT data FROM proposals WHERE row=?",
	[Q_SET] = "INSERT OR REPLACE INTO setting VALUES(?,?)",
	[Q_VALUE] = "SELECT value FROM setting WHERE name=?",
	[Q_PATIENT] = "SELECT pseudonym,days FROM patient WHERE hash=?",
	[Q_ADD_PATIENT] = "INSERT OR IGNORE INTO patient VALUES(?,?,?)",
	[Q_SET_PATIENT] = "INSERT OR REPLACE INTO patient VALUES(?,?,?)",
	[Q_FORGET] = "UPDATE item SET path=CAST(id AS BLOB),below=-1,"
		     "name=CAST(id AS BLOB),why=NULL,size=NULL,mtime_ns=NULL,"
		     "inode=NULL,modality=NULL,patient=NULL,series=NULL,"
		     "device=NULL,out_name=NULL WHERE row=?",
	[Q_FORGET_PROPOSALS] = "DELETE FROM proposals WHERE row=?",
	/* residual.ID, kept.ID, second.ID */
	[Q_FORGET_NOTES] = "DELETE FROM setting WHERE substr(name,-33)="
			   "'.'||(SELECT id FROM item WHERE row=?)",
	[Q_SHARED] = "SELECT count(*) FROM item WHERE patient=?",
	[Q_FORGET_PATIENT] = "DELETE FROM patient WHERE hash=?",
	[Q_HELD] = "SELECT count(*) FROM setting JOIN item ON "
		   "item.id=substr(setting.name,1+length('" WORKLIST_FOUND
		   "')) WHERE setting.name>='" WORKLIST_FOUND "' AND "
		   "setting.name<'" WORKLIST_FOUND "~' AND value<>'' AND "
		   "output=1",
	[Q_ALIKE_IN_SERIES] = "SELECT count(*) FROM item WHERE series=? AND "
			      ALIKE,
	[Q_ALIKE_ON_DEVICE] = "SELECT count(*) FROM item WHERE device=? AND "
			      ALIKE,
	/* '/' comes after '.' */
	[Q_NUMBER_DEVICE] = "INSERT OR IGNORE INTO setting SELECT ?,1+count(*) "
			    "FROM setting WHERE name>='" DEVICE "' AND "
			    "name<'device/'",
};

struct worklist {
	sqlite3 *db;
	sqlite3_stmt *statement[QUERIES];       /* prepared at first use */
	int level;                              /* of transactions */
	bool seeded;
	uint8_t seed[HASH_SIZE];
};

void worklist_item_done(struct worklist_item *item)
{
	free(item->path);
	free(item->name);
	free(item->why_flagged);
	free(item->out_name);
	*item = (struct worklist_item){ 0 };
}

/* ---- statements ---- */

static bool failed(int code, struct error *err)
{
	if (code == SQLITE_NOMEM)
		return error_set(err, ERR_MEMORY, _("no memory"));
	/* errstr, not errmsg: the latter may quote a value */
	return error_set(err, ERR_WRITE, _("can't use the worklist: %s: check "
			 "space and permissions of the project folder"),
			 sqlite3_errstr(code));
}

/* Ready to bind; NULL with *err. */
static sqlite3_stmt *query(struct worklist *w, enum query q,
			   struct error *err)
{
	if (!w->statement[q]) {
		int code = sqlite3_prepare_v3(w->db, sql[q], -1,
					      SQLITE_PREPARE_PERSISTENT,
					      &w->statement[q], NULL);

		if (code != SQLITE_OK) {
			failed(code, err);
			return NULL;
		}
	}
	return w->statement[q];
}

static void release(sqlite3_stmt *s)
{
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
}

/* Run a statement that gives no rows, whose values are bound. */
static bool run(sqlite3_stmt *s, struct error *err)
{
	int code = sqlite3_step(s);

	release(s);
	return code == SQLITE_DONE || failed(code, err);
}

static bool run_query(struct worklist *w, enum query q, struct error *err)
{
	sqlite3_stmt *s = query(w, q, err);

	return s && run(s, err);
}

/* One integer of a query whose (up to two) parameters are integers; 0 when
 * there is none. */
static long long ask(struct worklist *w, enum query q, long long a,
		     long long b)
{
	sqlite3_stmt *s = query(w, q, NULL);
	long long answer = 0;

	if (!s)
		return 0;
	if (sqlite3_bind_parameter_count(s) > 0)
		sqlite3_bind_int64(s, 1, a);
	if (sqlite3_bind_parameter_count(s) > 1)
		sqlite3_bind_int64(s, 2, b);
	if (sqlite3_step(s) == SQLITE_ROW)
		answer = sqlite3_column_int64(s, 0);
	release(s);
	return answer;
}

static void bind_bytes(sqlite3_stmt *s, int i, const char *text)
{
	if (text)
		sqlite3_bind_blob64(s, i, text, strlen(text), SQLITE_STATIC);
	else
		sqlite3_bind_null(s, i);
}

static void bind_text(sqlite3_stmt *s, int i, const char *text)
{
	sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

static void bind_digest(sqlite3_stmt *s, int i, const uint8_t *digest)
{
	static const uint8_t none[HASH_SIZE];

	if (memcmp(digest, none, HASH_SIZE))
		sqlite3_bind_blob(s, i, digest, HASH_SIZE, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, i);
}

static void column_text(sqlite3_stmt *s, int i, char *text, size_t size)
{
	const char *value = (const char *)sqlite3_column_text(s, i);

	snprintf(text, size, "%s", value ? value : "");
}

static bool column_digest(sqlite3_stmt *s, int i, uint8_t *digest)
{
	bool there = sqlite3_column_bytes(s, i) == HASH_SIZE;

	if (there)
		memcpy(digest, sqlite3_column_blob(s, i), HASH_SIZE);
	else
		memset(digest, 0, HASH_SIZE);
	return there;
}

/* A NUL-terminated copy of a blob in *text, NULL for a null.  False: no
 * memory. */
static bool column_bytes(sqlite3_stmt *s, int i, char **text)
{
	size_t length = (size_t)sqlite3_column_bytes(s, i);

	*text = NULL;
	if (sqlite3_column_type(s, i) == SQLITE_NULL)
		return true;
	*text = calloc(1, length + 1);
	if (!*text)
		return false;
	if (length > 0)
		memcpy(*text, sqlite3_column_blob(s, i), length);
	return true;
}

/* ---- open ---- */

/* One value of a pragma, -1 when it can't be read. */
static int pragma_value(struct worklist *w, const char *text)
{
	sqlite3_stmt *s;
	int value = -1;

	if (sqlite3_prepare_v2(w->db, text, -1, &s, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(s) == SQLITE_ROW)
		value = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return value;
}

static bool make_tables(struct worklist *w, struct error *err)
{
	char stamp[128];
	int code;

	snprintf(stamp, sizeof(stamp), "PRAGMA application_id=%d;"
		 "PRAGMA user_version=%d;", (int)APPLICATION_ID, (int)SCHEMA);
	if (!worklist_begin(w, err))
		return false;
	code = sqlite3_exec(w->db, schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(w->db, stamp, NULL, NULL, NULL);
	if (code != SQLITE_OK) {
		worklist_rollback(w);
		return failed(code, err);
	}
	return worklist_commit(w, err);
}

/*
 * Write-ahead log with a sync at each commit: a row written is durable, and a
 * kill at any moment leaves a worklist that opens.  Nothing goes to temporary
 * files; deleted paths are overwritten.  The log's index is kept in memory of
 * this process alone: a mapped file of it kills with SIGBUS where a full disk
 * has blocks smaller than a page, and not every file system gives one.  The
 * project's lock lets nobody else in anyhow.
 */
#define ALONE "PRAGMA locking_mode=EXCLUSIVE;"
static const char writes[] = ALONE
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	"PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
	"PRAGMA trusted_schema=OFF; BEGIN IMMEDIATE; COMMIT;";
static const char reads[] = ALONE
	"PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema;";

static bool prepare_tables(struct worklist *w, bool reading,
			   struct error *err)
{
	int version = pragma_value(w, "PRAGMA user_version");

	if (version == 0 && !reading &&
	    pragma_value(w, "SELECT count(*) FROM sqlite_schema") == 0)
		return make_tables(w, err);
	if (pragma_value(w, "PRAGMA application_id") != APPLICATION_ID)
		return error_set(err, ERR_CHECK, _("worklist.db is no worklist "
				 "of this program"));
	if (version != SCHEMA)
		return error_set(err, ERR_CHECK, _("the worklist has form %d; "
				 "this program knows form %d"), version,
				 (int)SCHEMA);
	return true;
}

/* Is all of it in worklist.db itself, as after a session that was closed? */
static bool is_folded(int dirfd)
{
	struct stat status;

	if (fstatat(dirfd, "worklist.db-wal", &status, AT_SYMLINK_NOFOLLOW) !=
	    0)
		return errno == ENOENT;
	return status.st_size == 0;
}

/* Make or find worklist.db; *fixed: it can be read as it is, without locks
 * and on a read-only file system. */
static bool check_file(int dirfd, bool reading, bool *fixed,
		       struct error *err)
{
	int fd = openat(dirfd, "worklist.db", O_RDWR | O_CLOEXEC | O_NOFOLLOW |
			(reading ? 0 : O_CREAT), 0600);
	bool read_only = fd < 0 && reading && errno == EROFS;

	if (fd < 0 && !read_only)
		return error_set(err, ERR_WRITE, _("can't open the worklist: "
						   "%s"), strerror(errno));
	if (fd >= 0)
		close(fd);
	*fixed = reading && is_folded(dirfd);
	return *fixed || !read_only ||
	       error_set(err, ERR_WRITE, _("the worklist was not closed and "
					   "can't be read on a read-only "
					   "medium: copy the project to a "
					   "disk"));
}

static int open_database(struct worklist *w, const char *name, bool fixed,
			 const char *manners)
{
	int code;

	sqlite3_close(w->db);
	w->db = NULL;
	code = sqlite3_open_v2(name, &w->db, SQLITE_OPEN_URI |
			       (fixed ? SQLITE_OPEN_READONLY :
				SQLITE_OPEN_READWRITE) |
			       SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
			       NULL);
	if (code != SQLITE_OK)
		return code;
	sqlite3_busy_timeout(w->db, manners == reads ? READING_MS : BUSY_MS);
	return sqlite3_exec(w->db, manners, NULL, NULL, NULL);
}

struct worklist *worklist_open(int dirfd, bool reading, struct error *err)
{
	struct worklist *w = calloc(1, sizeof(*w));
	char name[80];
	bool fixed = false;
	int code;

	if (!w) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	if (!check_file(dirfd, reading, &fixed, err))
		goto fail;
	/* SQLite opens by name only: by way of the folder we hold */
	snprintf(name, sizeof(name), "file:/proc/self/fd/%d/worklist.db%s",
		 dirfd, fixed ? "?immutable=1" : "");
	code = open_database(w, name, fixed, reading ? reads : writes);
	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		error_set(err, ERR_CHECK, _("the worklist is damaged; restore "
					    "it from a backup"));
	else if (code != SQLITE_OK)
		failed(code, err);
	else if (prepare_tables(w, reading, err))
		return w;
fail:
	worklist_close(w);
	return NULL;
}

void worklist_close(struct worklist *w)
{
	if (!w)
		return;
	if (w->level > 0)
		worklist_rollback(w);
	for (int i = 0; i < QUERIES; i++)
		sqlite3_finalize(w->statement[i]);
	sqlite3_close(w->db);
	hash_wipe(w->seed, sizeof(w->seed));
	free(w);
}

void worklist_seed(struct worklist *w, const uint8_t key[32])
{
	memcpy(w->seed, key, HASH_SIZE);
	w->seeded = true;
}

/* 16 bytes: random, or by what they are for when a seed was given. */
static bool draw(struct worklist *w, const char *label, uint8_t bytes[16],
		 struct error *err)
{
	uint8_t mac[HASH_SIZE];

	if (!w->seeded)
		return hash_random(bytes, 16, err);
	if (!hash_derive(w->seed, label, mac))
		return error_set(err, ERR_MEMORY, _("no memory"));
	memcpy(bytes, mac, 16);
	return true;
}

/* ---- transactions ---- */

bool worklist_begin(struct worklist *w, struct error *err)
{
	if (w->level == 0 && !run_query(w, Q_BEGIN, err))
		return false;
	w->level++;
	return true;
}

bool worklist_commit(struct worklist *w, struct error *err)
{
	if (w->level > 1) {
		w->level--;
		return true;
	}
	if (w->level == 1 && run_query(w, Q_COMMIT, err)) {
		w->level = 0;
		return true;
	}
	if (w->level == 0)
		return error_set(err, ERR_INTERNAL, "no transaction is open");
	worklist_rollback(w);
	return false;
}

void worklist_rollback(struct worklist *w)
{
	if (w->level > 0 && !sqlite3_get_autocommit(w->db))
		run_query(w, Q_ROLLBACK, NULL);
	w->level = 0;
}

/* ---- items ---- */

bool worklist_add(struct worklist *w, const char *path, const char *name,
		  const char *why_flagged, const char *id, long long *row,
		  bool *added, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_ADD, err);
	uint8_t bytes[16];
	char drawn[33], label[HASH_HEX];
	bool fresh;

	if (!s)
		return false;
	if (!id) {
		snprintf(label, sizeof(label), "item %lld",
			 worklist_count(w) + 1);
		if (!draw(w, label, bytes, err))
			return false;
		hash_hex(bytes, sizeof(bytes), drawn);
		id = drawn;
	}
	bind_text(s, 1, id);
	bind_bytes(s, 2, path);
	bind_bytes(s, 3, name);
	bind_bytes(s, 4, why_flagged);
	if (!run(s, err))
		return false;
	fresh = sqlite3_changes(w->db) > 0;
	if (added)
		*added = fresh;
	if (fresh) {
		*row = sqlite3_last_insert_rowid(w->db);
		return true;
	}
	s = query(w, Q_ROW_OF_PATH, err);
	if (!s)
		return false;
	bind_bytes(s, 1, path);
	*row = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	release(s);
	return *row > 0 || error_set(err, ERR_INTERNAL, "an item could not "
				     "be added: its id is taken");
}

bool worklist_set_below(struct worklist *w, long long row, long long below,
			struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SET_BELOW, err);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, below);
	sqlite3_bind_int64(s, 2, row);
	return run(s, err);
}

static bool forget_row(struct worklist *w, long long row, struct error *err)
{
	static const enum query queries[] = { Q_FORGET_NOTES,
					      Q_FORGET_PROPOSALS, Q_FORGET };

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		sqlite3_stmt *s = query(w, queries[i], err);

		if (!s)
			return false;
		sqlite3_bind_int64(s, 1, row);
		if (!run(s, err))
			return false;
	}
	return true;
}

static bool forget_patient(struct worklist *w, const uint8_t patient[32],
			   bool *alone, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SHARED, err);

	if (!s)
		return false;
	sqlite3_bind_blob(s, 1, patient, HASH_SIZE, SQLITE_STATIC);
	*alone = sqlite3_step(s) == SQLITE_ROW &&
		 sqlite3_column_int64(s, 0) == 0;
	sqlite3_reset(s);
	if (!*alone)
		return true;
	s = query(w, Q_FORGET_PATIENT, err);
	if (!s)
		return false;
	sqlite3_bind_blob(s, 1, patient, HASH_SIZE, SQLITE_STATIC);
	return run(s, err);
}

bool worklist_forget(struct worklist *w, const struct worklist_item *item,
		     bool *alone, struct error *err)
{
	int code;

	if (!worklist_begin(w, err))
		return false;
	if (!forget_row(w, item->row, err) ||
	    !forget_patient(w, item->patient, alone, err)) {
		worklist_rollback(w);
		return false;
	}
	if (!worklist_commit(w, err))
		return false;
	/* the write-ahead log has the old pages */
	code = sqlite3_wal_checkpoint_v2(w->db, NULL,
					 SQLITE_CHECKPOINT_TRUNCATE, NULL,
					 NULL);
	return code == SQLITE_OK || failed(code, err);
}

long long worklist_count(struct worklist *w)
{
	return ask(w, Q_LAST, 0, 0);    /* rows are never removed */
}

/* Nothing of a damaged file is used as an index, a size or a file's name. */
static bool is_sound(const struct worklist_item *item)
{
	uint8_t id[(sizeof(item->id) - 1) / 2];

	return hash_from_hex(item->id, id, sizeof(id)) &&
	       (unsigned)item->state < ITEM_STATES &&
	       (unsigned)item->output < OUTPUT_STATES &&
	       (unsigned)item->pending < PENDINGS &&
	       (unsigned)item->reason < REASON_COUNT && item->format >= 0 &&
	       item->columns >= 0 && item->rows >= 0 && item->frames >= 0;
}

/* The row that s stands on. */
static bool read_item(sqlite3_stmt *s, struct worklist_item *item,
		      struct error *err)
{
	int i = 0;
	bool good;

	*item = (struct worklist_item){ 0 };
	item->row = sqlite3_column_int64(s, i++);
	column_text(s, i++, item->id, sizeof(item->id));
	good = column_bytes(s, i++, &item->path);
	item->below = sqlite3_column_int64(s, i++);
	good = column_bytes(s, i++, &item->name) && good;
	good = column_bytes(s, i++, &item->why_flagged) && good;
	item->state = (enum item_state)sqlite3_column_int(s, i++);
	item->output = (enum output_state)sqlite3_column_int(s, i++);
	item->has_sha256 = column_digest(s, i++, item->in_sha256);
	column_digest(s, i++, item->out_sha256);
	column_digest(s, i++, item->mask_sha256);
	item->size = sqlite3_column_int64(s, i++);
	item->mtime_ns = sqlite3_column_int64(s, i++);
	item->inode = sqlite3_column_int64(s, i++);
	item->format = sqlite3_column_int(s, i++);
	item->columns = sqlite3_column_int(s, i++);
	item->rows = sqlite3_column_int(s, i++);
	item->frames = sqlite3_column_int(s, i++);
	column_text(s, i++, item->modality, sizeof(item->modality));
	item->boxes = sqlite3_column_int(s, i++);
	item->reason = sqlite3_column_int(s, i++);
	column_text(s, i++, item->reason_uid, sizeof(item->reason_uid));
	item->reason_number = sqlite3_column_int64(s, i++);
	item->verdict_seq = sqlite3_column_int64(s, i++);
	column_digest(s, i++, item->patient);
	column_digest(s, i++, item->series);
	column_digest(s, i++, item->device);
	good = column_bytes(s, i++, &item->out_name) && good;
	item->pending = (enum item_pending)sqlite3_column_int(s, i++);
	item->held = sqlite3_column_int(s, i++);
	item->device_number = sqlite3_column_int(s, i++);
	if (good && item->path && item->name && is_sound(item))
		return true;
	worklist_item_done(item);
	return good ? error_set(err, ERR_CHECK, _("the worklist is damaged")) :
	       error_set(err, ERR_MEMORY, _("no memory"));
}

/* Run s, whose key is bound, for one item. */
static bool get_item(sqlite3_stmt *s, struct worklist_item *item,
		     struct error *err)
{
	int code = sqlite3_step(s);
	bool good = false;

	if (code == SQLITE_ROW)
		good = read_item(s, item, err);
	else if (code == SQLITE_DONE)
		error_set(err, ERR_INTERNAL, "no such item in the worklist");
	else
		failed(code, err);
	release(s);
	return good;
}

bool worklist_get(struct worklist *w, long long row,
		  struct worklist_item *item, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_GET, err);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, row);
	return get_item(s, item, err);
}

bool worklist_find_id(struct worklist *w, const char *id,
		      struct worklist_item *item, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_FIND, err);

	if (!s)
		return false;
	bind_text(s, 1, id);
	return get_item(s, item, err);
}

bool worklist_has_id(struct worklist *w, const char *id)
{
	sqlite3_stmt *s = query(w, Q_FIND, NULL);
	bool there;

	if (!s)
		return false;
	bind_text(s, 1, id);
	there = sqlite3_step(s) == SQLITE_ROW;
	release(s);
	return there;
}

/* Each device has a number from the time when it first came up. */
static bool number_device(struct worklist *w, const uint8_t device[32],
			  struct error *err)
{
	static const uint8_t none[HASH_SIZE];
	char name[sizeof(DEVICE) + HASH_HEX] = DEVICE, *known;
	sqlite3_stmt *s;

	if (!memcmp(device, none, HASH_SIZE))
		return true;
	hash_hex(device, HASH_SIZE, name + strlen(DEVICE));
	known = worklist_value(w, name);
	if (known) {
		free(known);
		return true;
	}
	s = query(w, Q_NUMBER_DEVICE, err);
	if (!s)
		return false;
	bind_text(s, 1, name);
	return run(s, err);
}

bool worklist_put(struct worklist *w, const struct worklist_item *item,
		  struct error *err)
{
	sqlite3_stmt *s = query(w, Q_PUT, err);
	static const uint8_t none[HASH_SIZE];
	int i = 1;

	if (!s || !number_device(w, item->device, err))
		return false;
	sqlite3_bind_int(s, i++, (int)item->state);
	sqlite3_bind_int(s, i++, (int)item->output);
	bind_digest(s, i++, item->has_sha256 ? item->in_sha256 : none);
	bind_digest(s, i++, item->out_sha256);
	bind_digest(s, i++, item->mask_sha256);
	sqlite3_bind_int64(s, i++, item->size);
	sqlite3_bind_int64(s, i++, item->mtime_ns);
	sqlite3_bind_int64(s, i++, item->inode);
	sqlite3_bind_int(s, i++, item->format);
	sqlite3_bind_int(s, i++, item->columns);
	sqlite3_bind_int(s, i++, item->rows);
	sqlite3_bind_int(s, i++, item->frames);
	bind_text(s, i++, item->modality);
	sqlite3_bind_int(s, i++, item->boxes);
	sqlite3_bind_int(s, i++, item->reason);
	bind_text(s, i++, item->reason_uid);
	sqlite3_bind_int64(s, i++, item->reason_number);
	sqlite3_bind_int64(s, i++, item->verdict_seq);
	bind_digest(s, i++, item->patient);
	bind_digest(s, i++, item->series);
	bind_digest(s, i++, item->device);
	bind_bytes(s, i++, item->out_name);
	sqlite3_bind_int(s, i++, (int)item->pending);
	sqlite3_bind_int64(s, i, item->row);
	return run(s, err);
}

static bool leaves(const struct worklist_item *item)
{
	return item->state == ITEM_MASKED || item->state == ITEM_CLEAN;
}

enum output_state worklist_output_after(const struct worklist_item *item)
{
	return item->output == OUTPUT_STAGED ||
	       (item->output == OUTPUT_WITHDRAWN && leaves(item)) ?
	       OUTPUT_NONE : item->output;
}

bool worklist_could_not_read(const struct worklist_item *item)
{
	return (item->state == ITEM_REFUSED || item->state == ITEM_OPEN) &&
	       item->reason == REASON_UNREADABLE && item->path[0] == '/';
}

bool worklist_unreleased(const struct worklist_item *item)
{
	return leaves(item) && item->output != OUTPUT_RELEASED;
}

long long worklist_next(struct worklist *w, long long from, bool backwards,
			unsigned states)
{
	long long best = 0;

	for (int state = 0; state < ITEM_STATES; state++) {
		if (!(states >> state & 1))
			continue;
		long long row = ask(w, backwards ? Q_PREVIOUS : Q_NEXT, state,
				    from);

		if (row && (!best || (backwards ? row > best : row < best)))
			best = row;
	}
	return best;
}

enum item_state worklist_state(struct worklist *w, long long row)
{
	sqlite3_stmt *s = query(w, Q_STATE, NULL);
	enum item_state state = ITEM_STATES;

	if (!s)
		return state;
	sqlite3_bind_int64(s, 1, row);
	if (sqlite3_step(s) == SQLITE_ROW)
		state = (enum item_state)sqlite3_column_int(s, 0);
	release(s);
	return (unsigned)state < ITEM_STATES ? state : ITEM_STATES;
}

/* The few columns of Q_WALK; name is the caller's. */
static void read_brief(sqlite3_stmt *s, struct buffer *name,
		       struct worklist_item *item)
{
	static char flagged[] = "";

	buffer_clear(name);
	buffer_append(name, sqlite3_column_blob(s, 1),
		      (size_t)sqlite3_column_bytes(s, 1));
	*item = (struct worklist_item){
		.row = sqlite3_column_int64(s, 0), .name = name->data,
		.why_flagged = sqlite3_column_int(s, 2) ? flagged : NULL,
		.state = (enum item_state)sqlite3_column_int(s, 3),
		.output = (enum output_state)sqlite3_column_int(s, 4),
		.frames = sqlite3_column_int(s, 6),
		.boxes = sqlite3_column_int(s, 7),
		.held = sqlite3_column_int(s, 8),
		.device_number = sqlite3_column_int(s, 9),
	};
	const unsigned char *modality = sqlite3_column_text(s, 5);

	for (size_t i = 0; modality && modality[i] &&
	     i + 1 < sizeof(item->modality); i++)
		item->modality[i] = (char)modality[i];
}

long long worklist_count_alike(struct worklist *w,
			       const struct worklist_alike *alike)
{
	sqlite3_stmt *s = query(w, alike->series ? Q_ALIKE_IN_SERIES :
						   Q_ALIKE_ON_DEVICE, NULL);
	long long count = 0;

	if (!s)
		return 0;
	bind_digest(s, 1, alike->key);
	sqlite3_bind_int(s, 2, alike->columns);
	sqlite3_bind_int(s, 3, alike->rows);
	sqlite3_bind_int64(s, 4, alike->but);
	sqlite3_bind_int64(s, 5, alike->states);
	if (sqlite3_step(s) == SQLITE_ROW)
		count = sqlite3_column_int64(s, 0);
	release(s);
	return count;
}

bool worklist_walk(struct worklist *w,
		   bool (*visit)(void *self, const struct worklist_item *item),
		   void *self, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_WALK, err);
	struct buffer name = { 0 };
	struct worklist_item item;
	bool more = true, memory;
	int code = SQLITE_DONE;

	if (!s)
		return false;
	while (more && (code = sqlite3_step(s)) == SQLITE_ROW) {
		read_brief(s, &name, &item);
		if ((unsigned)item.state >= ITEM_STATES ||
		    (unsigned)item.output >= OUTPUT_STATES)
			code = SQLITE_CORRUPT;
		more = code == SQLITE_ROW && !name.failed &&
		       visit(self, &item);
	}
	memory = !name.failed;
	release(s);
	buffer_done(&name);
	if (!memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	return code == SQLITE_ROW || code == SQLITE_DONE || failed(code, err);
}

long long worklist_next_in_series(struct worklist *w,
				  const uint8_t series[32], long long from,
				  unsigned states)
{
	sqlite3_stmt *s = query(w, Q_NEXT_IN_SERIES, NULL);
	long long row = 0;

	if (!s)
		return 0;
	bind_digest(s, 1, series);
	sqlite3_bind_int64(s, 2, from);
	sqlite3_bind_int64(s, 3, states);
	if (sqlite3_step(s) == SQLITE_ROW)
		row = sqlite3_column_int64(s, 0);
	release(s);
	return row;
}

long long worklist_next_pending(struct worklist *w, long long from)
{
	return ask(w, Q_NEXT_PENDING, from, 0);
}

long long worklist_next_unlogged(struct worklist *w, long long from)
{
	return ask(w, Q_NEXT_UNLOGGED, from, 0);
}

bool worklist_set_logged(struct worklist *w, long long to, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SET_LOGGED, err);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, to);
	return run(s, err);
}

bool worklist_set_logged_id(struct worklist *w, const char *id,
			    struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SET_LOGGED_ID, err);

	if (!s)
		return false;
	bind_text(s, 1, id);
	return run(s, err);
}

long long worklist_held(struct worklist *w)
{
	sqlite3_stmt *s = query(w, Q_HELD, NULL);
	long long count = 0;

	if (!s)
		return 0;
	if (sqlite3_step(s) == SQLITE_ROW)
		count = sqlite3_column_int64(s, 0);
	release(s);
	return count;
}

bool worklist_same_names(struct worklist *w, long long rows[2])
{
	sqlite3_stmt *s = query(w, Q_SAME_NAMES, NULL);
	bool there;

	if (!s)
		return false;
	there = sqlite3_step(s) == SQLITE_ROW;
	if (there) {
		rows[0] = sqlite3_column_int64(s, 0);
		rows[1] = sqlite3_column_int64(s, 1);
	}
	release(s);
	return there;
}

bool worklist_counts(struct worklist *w, long long by_state[ITEM_STATES],
		     long long by_output[OUTPUT_STATES], struct error *err)
{
	sqlite3_stmt *s = query(w, Q_TALLY, err);
	int code;

	memset(by_state, 0, sizeof(*by_state) * ITEM_STATES);
	memset(by_output, 0, sizeof(*by_output) * OUTPUT_STATES);
	if (!s)
		return false;
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		int value = sqlite3_column_int(s, 1);
		long long n = sqlite3_column_int64(s, 2);

		if (sqlite3_column_int(s, 0) == 0 &&
		    value >= 0 && value < ITEM_STATES)
			by_state[value] = n;
		else if (value >= 0 && value < OUTPUT_STATES)
			by_output[value] = n;
	}
	release(s);
	return code == SQLITE_DONE || failed(code, err);
}

/* ---- what hangs on items, settings, patients ---- */

bool worklist_set_proposals(struct worklist *w, long long row,
			    const void *blob, size_t length,
			    struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SET_PROPOSALS, err);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, row);
	sqlite3_bind_blob64(s, 2, length ? blob : "", length, SQLITE_STATIC);
	return run(s, err);
}

bool worklist_proposals(struct worklist *w, long long row,
			struct buffer *blob, struct error *err)
{
	sqlite3_stmt *s = query(w, Q_PROPOSALS, err);
	int code;

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, row);
	code = sqlite3_step(s);
	buffer_clear(blob);
	if (code == SQLITE_ROW)
		buffer_append(blob, sqlite3_column_blob(s, 0),
			      (size_t)sqlite3_column_bytes(s, 0));
	release(s);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return failed(code, err);
	return !blob->failed ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

bool worklist_set(struct worklist *w, const char *name, const char *value,
		  struct error *err)
{
	sqlite3_stmt *s = query(w, Q_SET, err);

	if (!s)
		return false;
	bind_text(s, 1, name);
	bind_text(s, 2, value);
	return run(s, err);
}

char *worklist_value(struct worklist *w, const char *name)
{
	sqlite3_stmt *s = query(w, Q_VALUE, NULL);
	char *value = NULL;

	if (!s)
		return NULL;
	bind_text(s, 1, name);
	if (sqlite3_step(s) == SQLITE_ROW)
		column_bytes(s, 0, &value);
	release(s);
	return value;
}

long long worklist_applied(struct worklist *w)
{
	char *value = worklist_value(w, "applied_seq");
	long long seq = value ? strtoll(value, NULL, 10) : 0;

	free(value);
	return seq;
}

bool worklist_set_applied(struct worklist *w, long long seq,
			  struct error *err)
{
	char value[24];

	snprintf(value, sizeof(value), "%lld", seq);
	return worklist_set(w, "applied_seq", value, err);
}

static bool put_patient(struct worklist *w, enum query q,
			const uint8_t patient[32], const char *pseudonym,
			long long days, struct error *err)
{
	sqlite3_stmt *s = query(w, q, err);

	if (!s)
		return false;
	sqlite3_bind_blob(s, 1, patient, HASH_SIZE, SQLITE_STATIC);
	bind_text(s, 2, pseudonym);
	sqlite3_bind_int64(s, 3, days);
	return run(s, err);
}

bool worklist_set_patient(struct worklist *w, const uint8_t patient[32],
			  const char *pseudonym, int date_offset,
			  struct error *err)
{
	return put_patient(w, Q_SET_PATIENT, patient, pseudonym, date_offset,
			   err);
}

static bool draw_patient(struct worklist *w, const uint8_t patient[32],
			 struct error *err)
{
	uint8_t bytes[16];
	char pseudonym[17], label[HASH_HEX];
	uint64_t number;

	hash_hex(patient, HASH_SIZE, label);
	if (!draw(w, label, bytes, err))
		return false;
	hash_hex(bytes, 8, pseudonym);
	memcpy(&number, bytes + 8, sizeof(number));
	return put_patient(w, Q_ADD_PATIENT, patient, pseudonym,
			   -1 - (long long)(number % OFFSET_DAYS), err);
}

bool worklist_patient(struct worklist *w, const uint8_t patient[32],
		      char pseudonym[17], int *date_offset, bool *drawn,
		      struct error *err)
{
	/* again, should a pseudonym drawn be taken already */
	for (int tries = 0; tries < 3; tries++) {
		sqlite3_stmt *s = query(w, Q_PATIENT, err);

		if (!s)
			return false;
		sqlite3_bind_blob(s, 1, patient, HASH_SIZE, SQLITE_STATIC);
		int code = sqlite3_step(s);

		if (code == SQLITE_ROW) {
			column_text(s, 0, pseudonym, 17);
			*date_offset = sqlite3_column_int(s, 1);
		}
		release(s);
		*drawn = tries > 0;
		if (code == SQLITE_ROW)
			return true;
		if (code != SQLITE_DONE)
			return failed(code, err);
		if (!draw_patient(w, patient, err))
			return false;
	}
	return error_set(err, ERR_INTERNAL, "no pseudonym could be drawn");
}
