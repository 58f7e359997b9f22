#!/bin/sh
# run.sh - runs each harness for some seconds under libFuzzer, AddressSanitizer
# and UBSan, from the committed inputs and those found before (fuzz/found).
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
failed=0
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
		echo "ok $name: $runs runs"
	else
		echo "not ok $name: $runs runs, fault in fuzz/faults:"
		grep -E 'ERROR|SUMMARY|runtime error|^[A-Za-z].* ' \
			"$name.said" | tail -5
		failed=1
	fi
done
exit $failed
