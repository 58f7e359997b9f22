#!/bin/sh
# japanese.sh - which messages a terminal gets, by what it asks for and what
# is installed.  Prints one "ok" or "not ok" line a case.
set -u
# glibc itself leaks the parts of LOCPATH
ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0; export ASAN_OPTIONS
program=$top_builddir/suminuri
failed=0

# is_ascii TEXT
is_ascii() {
	[ -z "$(printf '%s' "$1" | LC_ALL=C tr -d '\000-\177')" ]
}

# expect ascii|japanese WHAT [NAME=VALUE]...
expect() {
	want=$1 what=$2
	shift 2
	text=$(env -u LC_ALL -u LC_CTYPE -u LC_MESSAGES -u LANG -u LANGUAGE \
		-u LOCPATH "$@" "$program" --help) || text=
	got=japanese
	if is_ascii "$text"; then got=ascii; fi
	case $text in *Content-Type*) got="the catalogue's header" ;; esac
	if [ -n "$text" ] && [ "$got" = "$want" ]; then
		echo "ok $what"
	else
		echo "not ok $what: got $got, wanted $want"
		failed=1
	fi
}

expect ascii "no locale named"
expect ascii "C by name" LC_ALL=C LANGUAGE=ja
expect ascii "English" LC_ALL=C.UTF-8
expect japanese "Japanese not installed" LANG=ja_JP.UTF-8
expect japanese "Japanese for messages only" \
	LANG=xx_YY.UTF-8 LC_MESSAGES=ja_JP.UTF-8
expect ascii "EUC-JP not installed" LC_ALL=ja_JP.eucJP
if [ -d "$SUMI_LOCPATH/ja_JP.UTF-8" ]; then
	expect japanese "Japanese installed" \
		LOCPATH="$SUMI_LOCPATH" LC_ALL=ja_JP.UTF-8
	expect ascii "English in a Japanese locale" \
		LOCPATH="$SUMI_LOCPATH" LC_ALL=ja_JP.UTF-8 LANGUAGE=en
else
	echo "skip Japanese installed: no C.UTF-8 in the system's locales"
fi
# The help calls what a command takes as its usage does.
help=$(LC_ALL=C.UTF-8 LANGUAGE=ja "$program" --help |
	sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
named=
wide=
for command in '' $help; do
	width=$(LC_ALL=C.UTF-8 LANGUAGE=ja "$program" $command --help |
		LC_ALL=C.UTF-8 wc -L)
	[ "$width" -le 80 ] || wide="$wide $command"
done
if [ -n "$help" ] && [ -z "$wide" ]; then
	echo "ok the help goes into 80 columns"
else
	echo "not ok the help goes into 80 columns:$wide"
	failed=1
fi
for command in $help; do
	line=$(LC_ALL=C.UTF-8 LANGUAGE=ja "$program" "$command" --help |
		sed 's/--[a-z-]*=[A-Z|]*//' |
		LC_ALL=C grep -E '(^|[^A-Z])(DECK|IN|OUT|ITEM|PATH|PROJECT)([^A-Z]|$)') &&
		named="$named $command: $line"
done
if [ -n "$help" ] && [ -z "$named" ]; then
	echo "ok the help calls arguments as the usage does"
else
	echo "not ok the help calls arguments as the usage does:$named"
	failed=1
fi
# and lists what a reason may be, as the log has it
words=$(sed -n '/log_reason_name\[LOG_REASONS\] = {/,/}/p' \
	"$top_srcdir/src/record/line.c" | grep -o '"[a-z-]*"' | tr -d '"')
lacks=
for word in $words; do
	LC_ALL=C.UTF-8 LANGUAGE=ja "$program" withdraw --help |
		grep -qw -e "$word" || lacks="$lacks $word"
done
if [ -n "$words" ] && [ -z "$lacks" ]; then
	echo "ok the reasons of withdraw"
else
	echo "not ok the reasons of withdraw:$lacks"
	failed=1
fi
# one spelling of a word
if (cd "$top_srcdir" && cat README.ja man/ja/suminuri.1 po/ja.po) |
	sed 's/フォルダー//g' | grep -n フォルダ; then
	echo "not ok the folder is spelt in one way"
	failed=1
else
	echo "ok the folder is spelt in one way"
fi
exit $failed
