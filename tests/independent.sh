#!/bin/sh
# independent.sh - masked copies of real pictures, judged by other decoders:
# dcmdump for uncompressed DICOM, ImageMagick for PNG, djpeg -nosmooth for
# JPEG.  Every sample inside every box of every frame is the fill, and no other
# differs.  Pictures: the project's samples, and those of the test data.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
samples=$(cd "$top_srcdir/samples/pictures" && pwd)
. "$top_srcdir/tests/decoders.sh"
failed=0
compared=0

# The fill of a report, a number a sample.
fill_of() {
	case $1 in
	png)    echo constant ;;        # a palette has a colour of its own
	jpeg)   # djpeg turns CMYK into RGB: full ink is black
		sed 's/.*"fill":\[\([^]]*\)\].*/\1/;s/,/ /g
			s/255 255 255 255/0 0 0/' "$2" ;;
	dicom)  sed 's/.*"fill":\[\([^]]*\)\].*/\1/;s/,/ /g' "$2" ;;
	esac
}

# The boxes of a report, as judge() reads them.
grown_of() {
	grep -oE '"frames":\[[0-9]+,[0-9]+\][^}]*"grown":\[[0-9,]+\]' "$1" |
		sed 's/"frames":\[\([0-9,]*\)\].*\[\([0-9,]*\)\]/\1,\2/'
}

# one KIND FILE NAME : propose, mask, judge
one() {
	"$program" propose "$2" >"$work/line" 2>/dev/null </dev/null
	rm -f "$work/out"
	if ! "$program" mask "$2" "$work/out" --boxes "$work/line" \
		>"$work/report" 2>/dev/null </dev/null; then
		"$program" mask "$2" "$work/out" --box 3,2,40,17 \
			>"$work/report" 2>/dev/null </dev/null || {
			echo "not ok $3: $(cat "$work/report")"
			failed=1
			return 0
		}
	fi
	# decoders differ in lossy JPEG: random_boxes.sh knows how to judge it
	grep -q '"syntax_in":"1.2.840.10008.1.2.4.5[0-6]"' "$work/report" &&
		return 0
	wrong=$(compare "$1" "$2" "$work/out" \
		"$(fill_of "$1" "$work/report")" "$(grown_of "$work/report")")
	if [ -z "$wrong" ]; then
		echo "ok $3"
		compared=$((compared + 1))
	else
		echo "not ok $3: $wrong"
		failed=1
	fi
}

for file in "$samples"/*; do
	one "$(kind_of "$file")" "$file" "samples/${file##*/}"
done
if [ -d "$data/synth" ]; then
	for file in "$data"/dicom/burned/ct_abdo_tomoscan.dcm \
		"$data"/dicom/burned/us1_half_rgb.dcm \
		"$data"/synth/dicom/*.dcm "$data"/synth/png/*.png \
		"$data"/synth/jpeg/*.jpg; do
		one "$(kind_of "$file")" "$file" "${file#"$data"/}"
	done
	[ $compared -ge 20 ] || { echo "not ok only $compared"; failed=1; }
else
	echo "skip test data: SUMI_DATA names no folder of it"
fi
echo "$compared compared"
exit $failed
