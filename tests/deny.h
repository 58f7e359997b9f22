/* deny.h - what a kernel may lack, or what must not be tried. */
#ifndef SUMI_TEST_DENY_H
#define SUMI_TEST_DENY_H

#include <stdbool.h>

/*
 * From here on, for this process and all it starts: without "seccomp" no
 * filter can be installed, without "landlock" or "openat2" the kernel does not
 * know these; without "shared-index" SQLite gets no index of a WAL that other
 * programs share (ENODEV); a process that makes a socket without "network" is
 * killed (SIGSYS; socketpair() is not meant).  False: an unknown word, or it
 * can't be done.
 */
bool deny(const char *what);

#endif
