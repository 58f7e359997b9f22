#!/bin/sh
# fuzz.sh - plays the committed corpus of each fuzz harness to it, without a
# fuzzer; `make fuzz` searches for more.  One "ok" or "not ok" line a harness.
set -u
failed=0
for corpus in "$top_srcdir"/tests/fuzz/corpus/*; do
	name=${corpus##*/}
	if "$top_builddir/tests/fuzz/replay_$name" "$corpus"; then
		echo "ok corpus of $name"
	else
		echo "not ok corpus of $name"
		failed=1
	fi
done
exit $failed
