#!/bin/sh
# cine.sh - what a cine costs beside its frames read one by one, and whether
# what stands in few frames is found.
#
# usage: cine.sh [-r RUNS] BUILD
#
# BUILD is a build directory in which `make suminuri bench/measure
# bench/cine_inputs` was run.  Makes an ultrasound screen of 60 frames, raw and
# as JPEG, with a name in frames 20 to 29, and one of 300 frames with a name in
# frame 137 alone.  Prints rows of a table: CPU time a frame of the cine and of
# the frames as single files, start-up taken off both.  Ends 1 when a name is
# not found.
set -u
runs=5
while getopts r: letter; do
	case $letter in
	r) runs=$OPTARG;;
	*) exit 2;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
build=$(cd "$1" && pwd) || exit 2
suminuri=$build/suminuri
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# cpu PATH...: CPU ms and peak KiB of propose, medians
cpu() {
	"$build/bench/measure" "$runs" "$dir/none" \
		"$suminuri" propose "$@" 2>"$dir/lines" |
		awk '{ print $2, $3 }'
}

# found FIRST LAST: is the name of the bench in a box over these frames?
found() {
	grep -q "\"frames\":\[$1,$2\],[^}]*\"y\":1[12][0-9],[^}]*honorific" \
		"$dir/lines"
}

# row WHAT FRAMES CPU PEAK SINGLE: a line of the table
row() {
	awk -v what="$1" -v n="$2" -v cine="$3" -v peak="$4" -v each="$5" \
	    -v start="$start" 'BEGIN {
		a = (cine - start) / n
		printf "| %s | %.1f | %.1f | %.1f | %d |\n", what, a, each,
		       each / a, peak / 1024 }'
}

missed=0
echo "| cine | CPU ms a frame | as single files | ratio | peak MiB |"
echo "| --- | --- | --- | --- | --- |"
for form in raw jpeg; do
	mkdir "$dir/$form"
	for i in 0 6 12 18 24 30 36 42 48 54; do
		"$build/bench/cine_inputs" $form 60 20 29 \
			"$dir/$form/$i.dcm" $i || exit 4
	done
	# a picture, and what comes before the first
	one=$(cpu "$dir/$form/0.dcm" | cut -d' ' -f1)
	each=$(cpu "$dir/$form" | awk -v o="$one" '{ print ($1 - o) / 9 }')
	start=$(echo "$one $each" | awk '{ print $1 - $2 }')
	"$build/bench/cine_inputs" $form 60 20 29 "$dir/cine.dcm" || exit 4
	set -- $(cpu "$dir/cine.dcm")
	found 20 29 || missed=1
	row "60 frames of 800 x 600, $form" 60 "$1" "$2" "$each"
	"$build/bench/cine_inputs" $form 300 137 137 "$dir/cine.dcm" || exit 4
	set -- $(cpu "$dir/cine.dcm")
	found 137 137 || missed=1
	row "300 frames, $form" 300 "$1" "$2" "$each"
done
[ $missed = 0 ] || echo "cine.sh: a name was not found" >&2
exit $missed
