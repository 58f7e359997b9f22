/*
 * redaction.h - off in one program only, tests/suminuri_leaky: the control
 * that shows that the search of tests/canary.sh finds what is held back here.
 */
#ifndef SUMI_REDACTION_H
#define SUMI_REDACTION_H

#ifdef SUMI_TEST_NO_REDACTION
enum { REDACTED = 0 };
#else
enum { REDACTED = 1 };
#endif

#endif
