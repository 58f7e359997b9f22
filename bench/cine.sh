#!/bin/sh
# cine.sh - what a cine costs beside its frames read one by one, by us and by
# full-page Tesseract, and whether what stands in few frames is found.
#
# usage: cine.sh [-r RUNS] BUILD
#
# BUILD is a build directory in which `make suminuri bench/measure bench/detect
# bench/cine_inputs` was run.  Makes an ultrasound screen of 60 frames, raw and
# as JPEG, with a name in frames 20 to 29, one of 300 frames with a name in
# frame 137 alone, and one of 60 whose every frame has a name of its own.
# Prints rows of a table: CPU time a frame of the cine (start-up taken off), of
# a full page of Tesseract on such a frame, and of the frames as single files
# (start-up taken off); then the share of names found.  Ends 1 when one of the
# first two names is not found.
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
inputs=$build/bench/cine_inputs
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# cpu PATH...: CPU ms and peak KiB of propose, medians
cpu() {
	"$build/bench/measure" "$runs" "$dir/none" \
		"$suminuri" propose --faces off "$@" 2>"$dir/lines" |
		awk '{ print $2, $3 }'
}

# found FIRST LAST: is the name of the bench in a box over these frames?
found() {
	grep -q "\"frames\":\[$1,$2\],[^}]*\"y\":1[12][0-9],[^}]*honorific" \
		"$dir/lines"
}

# page FORM METHOD: CPU ms of a full page of Tesseract, as bench/detect says
page() {
	awk -F ' *[|] *' -v method="$2" \
		'$2 == method { print $7 * 800 * 600 / 1e6 }' "$dir/$1.pages"
}

# row WHAT FRAMES CPU PEAK SINGLE FORM: a line of the table
row() {
	awk -v what="$1" -v n="$2" -v cine="$3" -v peak="$4" -v each="$5" \
	    -v start="$start" -v both="$(page "$6" 'eng+jpn, PSM 11')" \
	    -v eng="$(page "$6" 'eng, PSM 3')" 'BEGIN {
		a = (cine - start) / n
		printf "| %s | %.1f | %.1f | **%.1f** | %.1f | %.1f | %.1f |" \
		       " %.1f | %d |\n", what, a, both, both / a, eng,
		       eng / a, each, each / a, peak / 1024 }'
}

missed=0
echo "| cine | CPU ms a frame | page, eng+jpn PSM 11 | ratio |" \
	"page, eng PSM 3 | ratio | as single files | ratio | peak MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
mkdir "$dir/gt"
for form in raw jpeg; do
	mkdir "$dir/$form" "$dir/gt/$form"
	for i in 0 6 12 18 24 30 36 42 48 54; do
		"$inputs" $form 60 20 29 "$dir/$form/$i.dcm" $i || exit 4
		echo '{"file":"","frames":1,"boxes":[]}' \
			>"$dir/gt/$form/$i.dcm.json"
	done
	"$build/bench/detect" -r 3 -m 0,3 "$dir/gt" "$dir/$form/0.dcm" \
		"$dir/$form/24.dcm" "$dir/$form/48.dcm" \
		>"$dir/$form.pages" 2>/dev/null || exit 4
	# a picture, and what comes before the first
	one=$(cpu "$dir/$form/0.dcm" | cut -d' ' -f1)
	each=$(cpu "$dir/$form" | awk -v o="$one" '{ print ($1 - o) / 9 }')
	start=$(echo "$one $each" | awk '{ print $1 - $2 }')
	"$inputs" $form 60 20 29 "$dir/cine.dcm" || exit 4
	set -- $(cpu "$dir/cine.dcm")
	found 20 29 || missed=1
	row "60 frames of 800 x 600, $form" 60 "$1" "$2" "$each" $form
	"$inputs" $form 300 137 137 "$dir/cine.dcm" || exit 4
	set -- $(cpu "$dir/cine.dcm")
	found 137 137 || missed=1
	row "300 frames, $form" 300 "$1" "$2" "$each" $form
done
[ $missed = 0 ] || echo "cine.sh: a name was not found" >&2

# answers FILE: the lines of cine_inputs as known answers for it
answers() {
	printf '{"file":"%s","frames":60,"boxes":[' "$1"
	awk '{ printf "%s{\"frame\":%d,\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d," \
		"\"kind\":\"identifier\",\"class\":\"name\",\"text\":\"\"}",
		n++ ? "," : "", $1, $2, $3, $4, $5 }'
	echo ']}'
}

echo
echo "| a name of its own in each of 60 frames | cov80 | with candidates |"
echo "| --- | --- | --- |"
for form in raw jpeg; do
	"$inputs" $form 60 -1 -1 "$dir/own.dcm" |
		answers own.dcm >"$dir/gt/own.dcm.json"
	"$suminuri" eval --faces off --truth "$dir/gt" "$dir/own.dcm" |
		awk -v form=$form '$1 == "identifier" {
			printf "| %s | %s | %s |\n", form, $3, $5 }'
done
exit $missed
