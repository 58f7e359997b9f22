#!/bin/sh
# counts.sh - count.sh counts cases, and fails when too few of them ran.
set -u
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
: >"$dir/started"
echo 7 >"$dir/expected"

# result NAME RESULT : a test's log from standard input
result() {
	cat >"$dir/$1.log"
	echo ":global-test-result: $2" >"$dir/$1.trs"
	touch -d '+1 minute' "$dir/$1.trs"
}

# expect STATUS LINE STATUS_OF_MAKE
expect() {
	got=0
	sh "$top_srcdir/tests/count.sh" "$dir" "$dir/started" \
		"$dir/expected" "$3" >"$dir/out" || got=$?
	line=$(tail -n 1 "$dir/out")
	if [ "$line" = "$2" ] && [ $got -eq "$1" ]; then
		echo "ok $2, status $1"
	else
		echo "not ok wanted '$2' and $1, got '$line' and $got"
		failed=1
	fi
}

expect 1 "0 passed, 1 failed" 0
result unit PASS <<'END'
Running suite(s): region
100%: Checks: 5, Failures: 0, Errors: 0
END
result script PASS <<'END'
ok one
ok two
END
expect 0 "7 passed, 0 failed" 0
expect 1 "7 passed, 1 failed" 2
result plain PASS </dev/null
result absent SKIP </dev/null
expect 0 "8 passed, 0 failed, 1 skipped" 0
result leak FAIL <<'END'
100%: Checks: 2, Failures: 0, Errors: 0
END
expect 1 "10 passed, 1 failed, 1 skipped" 1
result bad FAIL <<'END'
66%: Checks: 6, Failures: 1, Errors: 1
END
expect 1 "14 passed, 3 failed, 1 skipped" 1
rm "$dir/unit.trs" "$dir/bad.trs" "$dir/leak.trs"
expect 1 "3 passed, 1 failed, 1 skipped" 0
touch -d '-1 minute' "$dir"/*.trs
expect 1 "0 passed, 1 failed" 0
exit $failed
