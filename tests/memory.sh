#!/bin/sh
# memory.sh - how much memory masking takes does not grow with the file:
# 320 MB of native pixels, and 160 frames of JPEG with a box in all of them.
# The bounds are those of DESIGN 9 and stand above what `version` takes.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
judge=$(cd "$top_builddir/tests/judge" && pwd)/judge
make_forms=$(cd "$top_builddir/tests/judge" && pwd)/make_forms
work=$(mktemp -d "${TMPDIR:-/tmp}/memory-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

base=$("$judge" peak "$program" version) || exit 99
# one KIND FRAMES BOUND : KiB above base
one() {
	"$make_forms" large $1 "$work/in" $2 || exit 99
	rm -f "$work/out"
	size=$(($(wc -c <"$work/in") / 1048576))
	if ! peak=$("$judge" peak "$program" mask "$work/in" "$work/out" \
		--box=300,300,200,100); then
		echo "not ok $1: $peak"
		failed=1
	elif [ $((peak - base)) -le $3 ]; then
		echo "ok $1, $size MiB: $((peak - base)) KiB above $base"
	else
		echo "not ok $1, $size MiB: $((peak - base)) KiB above $base"
		failed=1
	fi
}
one native 320 16384
one jpeg 160 49152
exit $failed
