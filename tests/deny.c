/* deny.c - what a kernel may lack, or what must not be tried. */
#include "config.h"

#include "tests/deny.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { SHARED_INDEX = 32768 };         /* SQLite: WALINDEX_PGSZ */

static bool add_rules(scmp_filter_ctx filter, const char *what)
{
	const struct scmp_arg_cmp filters = { 0, SCMP_CMP_EQ, PR_SET_SECCOMP,
					      0 };

	if (!strcmp(what, "landlock"))
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				SCMP_SYS(landlock_create_ruleset), 0) == 0;
	if (!strcmp(what, "openat2"))
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
					SCMP_SYS(openat2), 0) == 0;
	if (!strcmp(what, "seccomp"))
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL),
					SCMP_SYS(seccomp), 0) == 0 &&
		       seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EINVAL),
					      SCMP_SYS(prctl), 1,
					      &filters) == 0;
	/* the index of a WAL, which SQLite maps in such parts */
	if (!strcmp(what, "shared-index"))
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENODEV),
				SCMP_SYS(mmap), 3,
				SCMP_A1(SCMP_CMP_EQ, SHARED_INDEX, 0),
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE,
					PROT_WRITE),
				SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED,
					MAP_SHARED)) == 0;
	return !strcmp(what, "network") &&
	       seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
				SCMP_SYS(socket), 0) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
				SCMP_SYS(io_uring_setup), 0) == 0;
}

bool deny(const char *what)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter && add_rules(filter, what) &&
		  seccomp_load(filter) == 0;

	if (filter)
		seccomp_release(filter);
	return ok;
}
