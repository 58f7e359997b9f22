#!/bin/sh
# refusals.sh - `mask` refuses exactly the files of the test data that
# refusals.tsv lists (path, code, what is wrong with the file), and masks
# every other one.  Nothing is on disk after a refusal.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
list=$(cd "$top_srcdir/tests" && pwd)/refusals.tsv
data=${SUMI_DATA:-$top_srcdir/../shared/data}
if ! cd "$data" 2>/dev/null; then
	echo "skip refusals: no real pictures; SUMI_DATA names their folder"
	exit 77
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
mkdir "$dir/out" "$dir/tmp"
TMPDIR=$dir/tmp
export TMPDIR
# The sandbox allows no threads, whatever the environment says.
OPJ_NUM_THREADS=2
export OPJ_NUM_THREADS

# result NAME : ok when the file of faults is empty
result() {
	if [ -s "$dir/faults" ]; then
		echo "not ok $1"
		cat "$dir/faults"
		failed=1
	else
		echo "ok $1"
	fi
}

# 268 megapixels in 0.9 MB: masked, or too slow on a busy machine
find dicom jpeg photo png synth text -type f | grep -v bomb | sort \
	>"$dir/files"
: >"$dir/refused"
: >"$dir/left"
: >"$dir/wrong"
while read -r file; do
	"$program" mask "$file" "$dir/out/x" --box=0,0,3,2 >"$dir/line" \
		2>"$dir/said" </dev/null
	status=$?
	if [ $status = 0 ] && [ -s "$dir/out/x" ]; then
		rm "$dir/out/x"
	else
		code=$(sed -n 's/^{"v":1,"refused":{"code":"\([^"]*\)".*/\1/p' \
			"$dir/line")
		echo "$file	$code" >>"$dir/refused"
		[ $status = 3 ] && [ "$(wc -l <"$dir/line")" = 1 ] ||
			echo "$file: exit $status" >>"$dir/wrong"
	fi
	ls -A "$dir/out" "$dir/tmp" | grep -v ':$' | grep . |
		sed "s|^|$file: |" >>"$dir/left"
	rm -rf "$dir/out" "$dir/tmp"
	mkdir "$dir/out" "$dir/tmp"
done <"$dir/files"

cut -f1,2 "$list" | LC_ALL=C sort >"$dir/wanted"
LC_ALL=C sort "$dir/refused" | diff "$dir/wanted" - >"$dir/faults"
result "$(wc -l <"$dir/refused") of $(wc -l <"$dir/files") files are refused,\
 each on the list with this code; every other one is masked"
cp "$dir/wrong" "$dir/faults"
result "a refusal is exit 3 and one line"
cp "$dir/left" "$dir/faults"
result "nothing is left on disk after a refusal"
exit $failed
