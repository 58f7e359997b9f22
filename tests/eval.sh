#!/bin/sh
# eval.sh - eval counts as the rule of the test data does, names nothing that
# was read, and says when there is nothing to score.  The generator draws the
# same twice.
set -u
build=$(cd "$top_builddir" && pwd)
source=$(cd "$top_srcdir" && pwd)
data=${SUMI_DATA:-$source/../shared/data}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C.UTF-8; export LC_ALL
failed=0

# result WHAT : ok when the command before it succeeded
result() {
	if [ $? -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		[ -z "${2:-}" ] || cat "$2"
		failed=1
	fi
}

# row FILE : boxes, cov80 and cov98 of all identifiers
row() {
	awk '$1 == "identifier" { print $2, $3, $4 } ' "$1"
}

samples=$source/samples
"$build/suminuri" eval --truth "$samples/truth" --misses --jobs 2 \
	"$samples/pictures" >"$dir/table" 2>"$dir/said"
result "the samples are scored" "$dir/said"
row "$dir/table" | grep -q '^[1-9][0-9]* 1.000 '
result "every identifier of the samples is covered" "$dir/table"
! grep -q 'SATO\|1968/03/14' "$dir/table" "$dir/said"
result "nothing that was read is printed"
"$build/suminuri" eval --truth "$samples/truth" --json "$samples/pictures" \
	>"$dir/json" 2>/dev/null &&
	grep -q '^{"v":1,"rows":\[{"by":"all","of":"files",' "$dir/json"
result "the same as JSON"
mkdir "$dir/none"
"$build/suminuri" eval --truth "$dir/none" "$samples/pictures" \
	>"$dir/out" 2>"$dir/said"
[ $? -eq 2 ] && [ ! -s "$dir/out" ] && grep -q 'no answer' "$dir/said"
result "pictures without answers: status 2" "$dir/said"
echo '{"boxes":[{}]}' >"$dir/bad"
"$build/suminuri" eval --truth "$dir/bad" \
	"$samples/pictures/film_label.png" >"$dir/out" 2>"$dir/said"
[ $? -eq 2 ] && grep -q '^suminuri: eval: .*film_label.png: box 1' "$dir/said"
result "answers that are none: status 2, and of which picture" "$dir/said"
printf '%s\n' '{"boxes":[{"x":1,"y":1,"w":9,"h":9,"kind":"identifier",' \
	'"class":"\u001b[31mred"}]}' >"$dir/steer"
"$build/suminuri" eval --truth "$dir/steer" --misses \
	"$samples/pictures/film_label.png" >"$dir/table" 2>"$dir/said"
grep -q red "$dir/table" && ! grep -q "$(printf '\033')" "$dir/table"
result "words of the answers steer no terminal" "$dir/said"

if ! (cd "$build" && ${MAKE:-make} -s bench/generate) >"$dir/said" 2>&1; then
	echo "skip generator: it can't be built (libfreetype-dev)"
elif ! "$build/bench/generate" --seed 3 --count 6 --out "$dir/a" \
	2>"$dir/said"; then
	echo "skip generator: no fonts (the bench packages)"
else
	"$build/bench/generate" --seed 3 --count 6 --out "$dir/b" 2>/dev/null
	diff -r "$dir/a" "$dir/b" >/dev/null
	result "the same seed draws the same bytes"
	"$build/bench/generate" --seed 4 --count 6 --out "$dir/c" 2>/dev/null
	! diff -r "$dir/a/gt" "$dir/c/gt" >/dev/null
	result "another seed draws other pictures"
	"$build/suminuri" propose "$dir/a/mixed" >"$dir/lines" 2>/dev/null
	[ "$(grep -c '"refused":null' "$dir/lines")" = 6 ]
	result "its pictures can all be read" "$dir/lines"
fi

if [ ! -d "$data/gt" ] || ! command -v python3 >/dev/null; then
	echo "skip the rule of the test data: no data, or no python3"
	exit $failed
fi
set -- "$data/dicom/burned" "$data/text" "$data/synth/png" "$data/synth/jpeg"
"$build/suminuri" eval --truth "$data" "$@" >"$dir/table" 2>/dev/null
"$build/suminuri" propose "$@" >"$dir/lines" 2>/dev/null
python3 "$data/tools/score.py" "$data" "$dir/lines" \
	--prefix dicom/burned,text,synth/png,synth/jpeg >"$dir/rule"
awk '$1 == "ALL" { print $3, $4, $5 }' "$dir/rule" >"$dir/wanted"
row "$dir/table" >"$dir/got"
cmp -s "$dir/wanted" "$dir/got"
result "covered as the rule says" "$dir/rule"
awk '$1 == "ALL" { print $2, $7, $8, $6 }' "$dir/rule" >"$dir/wanted"
awk '$1 == "files" { print $9, $10, $11, $12 }' "$dir/table" >"$dir/got"
cmp -s "$dir/wanted" "$dir/got"
result "files, refusals, leaks and false boxes as the rule says" "$dir/rule"
exit $failed
