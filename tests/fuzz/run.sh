#!/bin/sh
# run.sh - runs each harness for some seconds under libFuzzer, AddressSanitizer
# and UBSan, from the committed inputs and those found before (fuzz/found).
# Ends with a table; fuzz/counts keeps the lines of all runs.
# usage: run.sh SOURCE_TREE SECONDS tests/fuzz/replay_NAME...
set -u
top=$1
seconds=$2
shift 2
flags='-O1 -g -fsanitize=fuzzer-no-link,address,undefined'
flags="$flags -fno-sanitize-recover=undefined"
mkdir -p fuzz && cd fuzz || exit 99
[ -f Makefile ] || CC=clang CXX=clang++ CFLAGS=$flags CXXFLAGS=$flags \
	CPPFLAGS=-DSUMI_LIBFUZZER "$top/configure" -q || exit 99
make -s libui.a libsumi.a || exit 99
make -s LDFLAGS='-fsanitize=fuzzer,address,undefined' "$@" || exit 99
# more memory at once is not there, as under the limits of a worker
ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=1100
export ASAN_OPTIONS
: >table
for program; do
	name=${program##*/replay_}
	inputs=$top/tests/fuzz/corpus/$name
	mkdir -p "found/$name" faults
	[ -d "$inputs" ] || inputs=
	"./$program" -max_total_time="$seconds" -rss_limit_mb=2048 \
		-malloc_limit_mb=1200 -timeout=20 -print_final_stats=1 \
		-artifact_prefix="faults/$name-" -verbosity=0 \
		"found/$name" $inputs >"$name.said" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$name.said")
	if [ $status = 0 ]; then
		echo "ok $name: ${runs:-0} runs"
		echo "$name ${runs:-0} 0" >>table
	else
		echo "not ok $name: ${runs:-0} runs, fault in fuzz/faults:"
		grep -E 'ERROR|SUMMARY|runtime error|^[A-Za-z].* ' \
			"$name.said" | tail -5
		echo "$name ${runs:-0} 1" >>table
	fi
done
cat table >>counts
{
	awk '{ print "now", $0 }' table
	awk '{ print "ever", $0 }' counts
} | awk '
	!($2 in seen) { seen[$2] = 1; order[++n] = $2 }
	{ runs[$1, $2] += $3; runs[$1] += $3 }
	{ faults[$1, $2] += $4; faults[$1] += $4 }
	function row(name, now, ever, found) {
		printf "%-12s %12s %14s %9s\n", name, now, ever, found
	}
	END {
		row("harness", "executions", "in all runs", "findings")
		for (i = 1; i <= n; i++)
			row(order[i], runs["now", order[i]] + 0,
			    runs["ever", order[i]],
			    faults["now", order[i]] + 0)
		row("all", runs["now"], runs["ever"], faults["now"] + 0)
	}'
! grep -q ' 1$' table
