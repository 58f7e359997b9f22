#!/bin/sh
# kills.sh - a review that is shot again and again loses no decision: 50
# seeded kills, half at random and half right after a decision was shown as
# made; then one after every decision.  What comes out of it verifies.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
program=$(cd "$top_builddir" && pwd)/suminuri
robot=$top_builddir/tests/pty/robot
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# check NAME COMMAND... : the command ends 0
check() {
	name=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		tail -n 70 "$dir/out"
		failed=1
	fi
}

# play NAME SEED KILLS : review the samples, then look at all of it
play() {
	mkdir "$dir/$1" || exit 99
	check "$1: every decision that was shown is there" \
		"$robot" "$program" "$dir/$1" "$2" "$3" project "$samples"
	cat "$dir/out"
	check "$1: apply" "$program" apply "$dir/$1/project"
	check "$1: verify" "$program" verify "$dir/$1/project"
	check "$1: log check" "$program" log check "$dir/$1/project"
	left=$(find "$dir/$1/project/private/staged" -type f | wc -l)
	check "$1: nothing is left in staged" test "$left" -eq 0
}

play random 7 50
play decisions 8 -1
exit $failed
