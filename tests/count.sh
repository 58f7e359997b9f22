#!/bin/sh
# count.sh - counts the test cases of a run of `make check-long`.
#
# usage: count.sh BUILD STARTED EXPECTED STATUS
#
# Reads the results below BUILD that are newer than the file STARTED, shows the
# failed ones, and prints "N passed, N failed[, N skipped]" as its last line.
# Ends 1 when something failed (STATUS of make included) or fewer cases ran
# than the number in the file EXPECTED.
#
# A case is a check of a Check program, an "ok", "not ok" or "skip" line of a
# script, or else the whole test.
set -u
build=$1 started=$2 expected=$(cat "$3") status=$4

# numbers LOG RESULT : passed failed skipped
numbers() {
	awk -v result="$2" '
	/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
		gsub(/[^0-9 ]/, "")
		split($0, n, " +")
		failed += n[3] + n[4]
		passed += n[2] - n[3] - n[4]
	}
	/^ok / { passed++ }
	/^not ok / { failed++ }
	/^skip / { skipped++ }
	END {
		if (result == "SKIP" && passed + failed + skipped == 0)
			skipped = 1
		if (result == "PASS" && passed + failed + skipped == 0)
			passed = 1
		if (result != "PASS" && result != "SKIP" && !failed)
			failed = 1
		print passed + 0, failed + 0, skipped + 0
	}' "$1"
}

passed=0 failed=0 skipped=0
for trs in $(find "$build" -name '*.trs' -newer "$started" | sort); do
	log=${trs%.trs}.log
	result=$(sed -n 's/^:global-test-result: *//p' "$trs")
	set -- $(numbers "$log" "$result")
	passed=$((passed + $1)) failed=$((failed + $2))
	skipped=$((skipped + $3))
	if [ "$2" -gt 0 ]; then
		echo "--- ${log#"$build"/}"
		tail -n 40 "$log"
	elif [ "$3" -gt 0 ]; then
		grep '^skip ' "$log" || echo "skip ${log#"$build"/}"
	fi
done

if [ $((passed + failed)) -lt "$expected" ]; then
	echo "only $((passed + failed)) of at least $expected cases ran"
	failed=$((failed + 1))
elif [ "$status" -ne 0 ] && [ $failed -eq 0 ]; then
	echo "make ended with status $status"
	failed=1
fi
line="$passed passed, $failed failed"
if [ $skipped -gt 0 ]; then line="$line, $skipped skipped"; fi
echo "$line"
[ $failed -eq 0 ]
