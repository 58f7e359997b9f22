#!/bin/sh
# whole.sh - the main job on real pictures: reviewed by keys alone, applied,
# verified, and every released file judged by another decoder against the
# boxes that were decided: all of a box, and of the MCUs that it touches in a
# JPEG, is the fill; no other sample differs.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
robot=$(cd "$top_builddir" && pwd)/tests/pty/robot
. "$top_srcdir/tests/decoders.sh"
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
project=$work/project
failed=0
if [ ! -d "$data/synth" ]; then
	echo "skip whole: SUMI_DATA names no folder of test data"
	exit 77
fi
data=$(cd "$data" && pwd)

# result NAME WRONG : nothing wrong is ok
result() {
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1: $2"
		failed=1
	fi
}

# ends_well NAME COMMAND... : it ends 0
ends_well() {
	name=$1
	shift
	wrong=
	"$@" >"$work/said" 2>&1 </dev/null ||
		wrong="status $?
$(tail -n 70 "$work/said")"
	result "$name" "$wrong"
}

# The DICOM files below that are not compressed and have an identifier.
uncompressed() {
	for file in "$data"/synth/dicom/*.dcm; do
		case $(value "$file" 0002,0010) in
		LittleEndianImplicit | LittleEndianExplicit | BigEndianExplicit)
			grep -q '"identifier"' \
				"$data/gt/${file#"$data/"}.json" &&
				echo "$file" ;;
		esac
	done
}

# The fill that DESIGN 6 asks for, a number a sample of a pixel.
fill_of() {
	case $1 in
	png)
		if [ "$(identify -format '%[png:IHDR.color-type-orig]' \
			"$2")" = 3 ]; then
			echo constant   # the palette's darkest
		else
			echo 0 0 0 65535
		fi ;;
	jpeg)
		case $(identify -format '%[colorspace]' "$2") in
		Gray) echo 0 ;;
		*) echo 0 0 0 ;;
		esac ;;
	dicom)
		padding=$(value "$2" 0028,0120)
		stored=$(attribute "$2" 0028,0101)
		signed=$(attribute "$2" 0028,0103)
		case ${padding:-none}:$(value "$2" 0028,0004):$signed in
		none:RGB:0) echo 0 0 0 ;;
		none:MONOCHROME2:0) echo 0 ;;
		none:MONOCHROME1:0) echo $(((1 << stored) - 1)) ;;
		none:*) echo constant ;;
		*) echo "$padding" ;;
		esac ;;
	esac
}

# mcu KIND FILE : columns and rows of an MCU (ITU-T T.81 A.2), else 1 1
mcu() {
	if [ "$1" != jpeg ]; then
		echo 1 1
		return 0
	fi
	identify -format '%[jpeg:sampling-factor]' "$2" |
		awk -F '[x,]' '{
			for (i = 1; i < NF; i += 2) {
				if ($i > h) h = $i
				if ($(i + 1) > v) v = $(i + 1)
			}
			if (NF == 2)
				h = v = 1       # one component
			print 8 * h, 8 * v
		}'
}

# boxes_of MASKS MCU SIZE : what is masked, grown to MCUs, as judge() reads it
boxes_of() {
	awk -v mcu="$2" -v size="$3" '
	function member(name) {
		match($0, "\"" name "\":-?[0-9]+")
		return substr($0, RSTART + length(name) + 3,
			      RLENGTH - length(name) - 3) + 0
	}
	function up(at, step, most) {
		at = int((at + step - 1) / step) * step
		return at < most ? at : most
	}
	BEGIN { split(mcu, m); split(size, s) }
	/"decision":"(mask|changed|added)"/ {
		match($0, /"frames":\[[0-9,]+\]/)
		frames = substr($0, RSTART + 10, RLENGTH - 11)
		x = member("x"); y = member("y")
		x0 = x - x % m[1]; y0 = y - y % m[2]
		print frames "," x0 "," y0 "," \
			up(x + member("w"), m[1], s[1]) - x0 "," \
			up(y + member("h"), m[2], s[2]) - y0
	}' "$1"
}

# The last verdict and release of each item: "in_sha256 out_sha256 item.seq".
released() {
	awk '
	function member(name) {
		if (!match($0, "\"" name "\":\"?[0-9a-z]+"))
			return ""
		text = substr($0, RSTART, RLENGTH)
		sub(/.*[:"]/, "", text)
		return text
	}
	/"ev":"item.verdict"/ {
		input[member("item")] = member("in_sha256")
		masks[member("item")] = member("item") "." member("seq")
	}
	/"ev":"item.release"/ && /"phase":"done"/ {
		output[member("item")] = member("out_sha256")
	}
	END {
		for (item in output)
			print input[item], output[item], masks[item]
	}' "$project"/private/log/*.jsonl
}

# one INPUT : the released copy of it, judged
one() {
	kind=$(kind_of "$1")
	digest=$(sha256sum "$1")
	set -- "$1" $(grep "^${digest%% *} " "$work/released")
	if [ $# -ne 4 ]; then
		result "${1#"$data/"}" "it was not released"
		return 0
	fi
	output=$(sed -n "s/^$3  //p" "$work/outputs")
	shape=$(samples_of "$kind" "$1" "$work/a")
	boxes=$(boxes_of "$project/private/masks/$4.jsonl" \
		"$(mcu "$kind" "$1")" "$shape")
	echo 0 0 >"$work/counts"
	wrong=$(compare "$kind" "$1" "${output:-none}" \
		"$(fill_of "$kind" "$1")" "$boxes")
	[ -n "$boxes" ] || wrong="no box"
	read -r in out <"$work/counts"
	result "${1#"$data/"}: $in inside, $out differ outside" "$wrong"
	inside=$((inside + in)) outside=$((outside + out))
}

set -- "$data/dicom/burned/ct_abdo_tomoscan.dcm" \
	"$data/dicom/burned/us1_half_rgb.dcm" $(uncompressed)
dicom=$#
if command -v gdcmconv >/dev/null; then
	for name in us_header_ja_rle mr_corners_en_jls ct_scatter_ja_jls \
		cr_sticker_ja_jpll14; do
		set -- "$@" "$data/synth/dicom/$name.dcm"
	done
else
	echo "without gdcmconv: no compressed DICOM files"
fi
for name in card_ja_palette dose_en_1bit form_ja_interlaced \
	mr_corners_en_16bit; do
	set -- "$@" "$data/synth/png/$name.png"
done
for name in card_ja_cmyk ct_corners_en_gray_q60 endo_ja_411 \
	scatter_ja_progressive; do
	set -- "$@" "$data/synth/jpeg/$name.jpg"
done
[ $dicom -ge 8 ] || result "8 DICOM files at least" "only $dicom"
sha256sum "$@" >"$work/inputs"

ends_well "$# files reviewed by keys" \
	"$robot" "$program" "$work" 1 0 project "$@"
cat "$work/said"
ends_well "apply" "$program" apply "$project"
ends_well "verify" "$program" verify "$project"
ends_well "log check" "$program" log check "$project"
ends_well "inputs as before" sha256sum --quiet -c "$work/inputs"
find "$project/out" -type f ! -name README.txt -exec sha256sum {} + \
	>"$work/outputs"
released >"$work/released"
extra=$(($(wc -l <"$work/outputs") - $#))
[ $extra -ne 0 ] || extra=
result "an output a file" "$extra"
inside=0 outside=0
for file; do
	one "$file"
done
echo "$# files, $inside samples inside, $outside differ outside"
exit $failed
