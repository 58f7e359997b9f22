dnl harden.m4 - compiler and linker flags: warnings, hardening, sanitizers.

dnl SUMI_FLAGS(VARIABLE, FLAGS): add each of the flags to the variable that the
dnl compiler takes without a warning.  Cumulative, as some flags are silently
dnl without effect (so: warned about) when an earlier one is missing.
AC_DEFUN([SUMI_FLAGS], [
for sumi_flag in $2; do
	AC_MSG_CHECKING([whether $]_AC_CC[ takes $sumi_flag])
	sumi_saved=$[]_AC_LANG_PREFIX[]FLAGS
	_AC_LANG_PREFIX[]FLAGS="$sumi_saved -O2 -Werror $$1 $sumi_flag"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdlib.h>]],
			[[char a[64]; a[0] = (char)rand(); return a[0];]])],
		[AC_MSG_RESULT([yes])
		$1="$$1 $sumi_flag"],
		[AC_MSG_RESULT([no])])
	_AC_LANG_PREFIX[]FLAGS=$sumi_saved
done
])

dnl SUMI_HARDEN: HARDEN_CFLAGS, HARDEN_CXXFLAGS, HARDEN_LDFLAGS.
AC_DEFUN([SUMI_HARDEN], [
sumi_warn="-Wall -Wextra -Wconversion -Wshadow -Wvla -Wformat=2"
sumi_warn="$sumi_warn -Werror=format-security"
sumi_c_warn="-Wstrict-prototypes -Wmissing-prototypes"
sumi_hard="-fstack-protector-strong -fstack-clash-protection"
sumi_hard="$sumi_hard -fcf-protection=full -ftrivial-auto-var-init=zero -fPIE"
sumi_link="-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed"
dnl The check of vptr opens a pipe, which workers may not.
AS_IF([test "x$enable_sanitizers" = xyes], [
	sumi_hard="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
	sumi_hard="$sumi_hard -fno-sanitize=vptr -fno-omit-frame-pointer -fPIE"
	sumi_link="$sumi_link -fsanitize=address,undefined -fno-sanitize=vptr"
	AC_DEFINE([SUMI_SANITIZERS], [1],
		[built with sanitizers: no limit on address space])
])

dnl FORTIFY_SOURCE needs optimisation and hides reports of the sanitizers.
AS_CASE([" $CFLAGS $CXXFLAGS $sumi_hard "],
	[*" -O0 "*|*-fsanitize*], [],
	[sumi_hard="$sumi_hard -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])

HARDEN_CFLAGS=
HARDEN_CXXFLAGS=
HARDEN_LDFLAGS=
SUMI_FLAGS([HARDEN_CFLAGS], [$sumi_warn $sumi_c_warn $sumi_hard])
SUMI_FLAGS([HARDEN_LDFLAGS], [$sumi_link])
AC_LANG_PUSH([C++])
SUMI_FLAGS([HARDEN_CXXFLAGS], [$sumi_warn $sumi_hard])
AC_LANG_POP([C++])
AS_IF([test "x$enable_werror" = xyes], [
	HARDEN_CFLAGS="$HARDEN_CFLAGS -Werror"
	HARDEN_CXXFLAGS="$HARDEN_CXXFLAGS -Werror"
])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_CXXFLAGS])
AC_SUBST([HARDEN_LDFLAGS])
])
