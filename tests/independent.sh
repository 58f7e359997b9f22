#!/bin/sh
# independent.sh - masked copies of real pictures, judged by other decoders:
# dcmdump for uncompressed DICOM, ImageMagick for PNG, djpeg -nosmooth for
# JPEG.  Every sample inside every box of every frame is the fill, and no other
# differs.  Pictures: the folder SUMI_DATA names; without it, and always, the
# project's samples.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
samples=$(cd "$top_srcdir/samples/pictures" && pwd)
data=${SUMI_DATA:-}
for tool in dcmdump convert djpeg; do
	if ! command -v $tool >/dev/null; then
		echo "skip independent: $tool is missing"
		exit 77
	fi
done
work=$(mktemp -d "${TMPDIR:-/tmp}/independent-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
compared=0

# attribute FILE TAG : its number, 0 when it is not there
attribute() {
	n=$(dcmdump -q +P "$2" "$1" 2>/dev/null |
		sed -n 's/^[^ ]* [A-Z][A-Z] \[*\([0-9]*\).*/\1/p' | head -n 1)
	echo "${n:-0}"
}

# samples_of KIND FILE OUT : decode to bytes, pixel by pixel; "columns rows
# frames bytes planes" on stdout
samples_of() {
	case $1 in
	dicom)
		rm -rf "$work/raw"
		mkdir "$work/raw"
		dcmdump -q +W "$work/raw" "$2" >/dev/null 2>&1 || return 1
		mv "$work"/raw/*.raw "$3" || return 1
		set -- $(for tag in 0028,0011 0028,0010 0028,0008 0028,0002 \
			0028,0100 0028,0006; do attribute "$2" $tag; done)
		[ "$3" = 0 ] && set -- "$1" "$2" 1 "$4" "$5" "$6"
		if [ "$6" = 1 ]; then
			echo "$1 $2 $3 $(($5 / 8)) $4"
		else
			echo "$1 $2 $3 $(($4 * $5 / 8)) 1"
		fi
		;;
	png)
		convert "$2" -depth 16 "RGBA:$3" || return 1
		identify -format '%w %h 1 8 1' "$2"
		;;
	jpeg)
		djpeg -nosmooth -pnm "$2" >"$work/pnm" 2>/dev/null || return 1
		size=$(head -n 2 "$work/pnm" | tail -n 1)
		bytes=$(head -n 1 "$work/pnm" | sed 's/P5/1/;s/P6/3/')
		tail -c "$((${size% *} * ${size#* } * bytes))" "$work/pnm" >"$3"
		echo "$size 1 $bytes 1"
		;;
	esac
}

# The bytes of the fill of a report, for a pixel of that many bytes.
fill_bytes() {
	case $1 in
	png)    echo constant ;;        # a palette has a colour of its own
	jpeg)   # djpeg turns CMYK into RGB: full ink is black
		sed 's/.*"fill":\[\([^]]*\)\].*/\1/;s/,/ /g
			s/255 255 255 255/0 0 0/' "$2" ;;
	dicom)  sed 's/.*"fill":\[\([^]]*\)\].*/\1/;s/,/ /g' "$2" |
		awk -v cell="$3" '{
			for (i = 1; i <= NF; i++) {
				v = $i < 0 ? $i + 2 ^ (8 * cell) : $i
				for (k = 0; k < cell; k++) {
					printf "%d ", v % 256
					v = int(v / 256)
				}
			}
		}' ;;
	esac
}

# judge SHAPE FILL REPORT : compare the bytes in a and b; prints what is wrong
judge() {
	boxes=$(grep -oE '"frames":\[[0-9]+,[0-9]+\][^}]*"grown":\[[0-9,]+\]' \
		"$3" | sed 's/"frames":\[\([0-9,]*\)\].*\[\([0-9,]*\)\]/\1,\2/')
	od -An -v -w1 -tu1 "$work/a" >"$work/a.txt"
	od -An -v -w1 -tu1 "$work/b" >"$work/b.txt"
	paste "$work/a.txt" "$work/b.txt" |
		awk -v shape="$1" -v fill="$2" -v boxes="$boxes" '
	BEGIN {
		split(shape, s)
		columns = s[1]; rows = s[2]; frames = s[3]
		bytes = s[4]; planes = s[5]
		n = split(boxes, line, /[ \n]/)
		for (i = 1; i <= n; i++) {
			split(line[i], v, ",")
			for (f = v[1]; f <= v[2]; f++)
				for (y = v[4]; y < v[4] + v[6]; y++)
					for (x = v[3]; x < v[3] + v[5]; x++)
						inside[(f * rows + y) * \
						       columns + x] = 1
		}
		constant = fill == "constant"
		if (!constant)
			split(fill, want, " ")
	}
	{
		at = NR - 1
		byte = at % bytes
		pixel = int(at / bytes)
		plane = 0
		if (planes > 1) {
			area = columns * rows
			plane = int(pixel / area) % planes
			pixel = int(pixel / (area * planes)) * area + \
				pixel % area
		}
		if (pixel >= columns * rows * frames)
			next                    # a pad byte
		if (!(pixel in inside)) {
			outside += $1 != $2
			next
		}
		slot = plane * bytes + byte + 1
		if (constant && !(slot in want))
			want[slot] = $2
		wrong += $2 != want[slot]
		covered++
	}
	END {
		if (NR != columns * rows * frames * bytes * planes && \
		    NR != columns * rows * frames * bytes * planes + 1)
			print "bytes: " NR
		if (outside)
			print outside " bytes outside differ"
		if (wrong)
			print wrong " bytes inside are not the fill"
		if (n && !covered)
			print "no byte is inside"
	}'
}

# one KIND FILE NAME : propose, mask, judge
one() {
	"$program" propose "$2" >"$work/line" 2>/dev/null </dev/null
	rm -f "$work/out"
	if ! "$program" mask "$2" "$work/out" --boxes "$work/line" \
		>"$work/report" 2>/dev/null </dev/null; then
		"$program" mask "$2" "$work/out" --box 3,2,40,17 \
			>"$work/report" 2>/dev/null </dev/null || {
			if grep -q '"code":"unsupported"' "$work/report"; then
				return 0        # compressed: another day
			fi
			echo "not ok $3: $(cat "$work/report")"
			failed=1
			return 0
		}
	fi
	shape=$(samples_of "$1" "$2" "$work/a") &&
		again=$(samples_of "$1" "$work/out" "$work/b") &&
		[ "$shape" = "$again" ] || {
		echo "not ok $3: '$shape' and '${again:-}'"
		failed=1
		return 0
	}
	cell=1
	[ "$1" = dicom ] && cell=$(($(attribute "$2" 0028,0100) / 8))
	wrong=$(judge "$shape" "$(fill_bytes "$1" "$work/report" $cell)" \
		"$work/report")
	if [ -z "$wrong" ]; then
		echo "ok $3"
		compared=$((compared + 1))
	else
		echo "not ok $3: $wrong"
		failed=1
	fi
}

kind_of() {
	case $1 in
	*.png) echo png ;;
	*.jpg) echo jpeg ;;
	*) echo dicom ;;
	esac
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
	echo "skip pictures of SUMI_DATA: it names no folder of test data"
fi
echo "$compared compared"
exit $failed
