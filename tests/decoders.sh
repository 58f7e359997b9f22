# decoders.sh - what other decoders see of a picture and of its masked copy:
# dcmdump for DICOM, after gdcmconv where it is compressed, ImageMagick for
# PNG, djpeg -nosmooth for JPEG.  Read by independent.sh and whole.sh; not run.
#
# Sets: work    a folder, removed at the end
#       data    the test data: the folder that SUMI_DATA names, else
#               shared/data beside the source tree; it need not exist
data=${SUMI_DATA:-$top_srcdir/../shared/data}
for tool in dcmdump convert djpeg; do
	if ! command -v $tool >/dev/null; then
		echo "skip $(basename "$0" .sh): $tool is missing"
		exit 77
	fi
done
work=$(mktemp -d "${TMPDIR:-/tmp}/decoders-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

kind_of() {
	case $1 in
	*.png) echo png ;;
	*.jpg) echo jpeg ;;
	*) echo dicom ;;
	esac
}

# value FILE TAG : of a DICOM attribute, nothing when it is not there
value() {
	dcmdump -q +P "$2" "$1" 2>/dev/null | head -n 1 |
		sed -n 's/^[^ ]* [A-Z][A-Z] \[*=*\([^] ]*\).*/\1/p'
}

# attribute FILE TAG : its number, 0 when it is not there
attribute() {
	n=$(value "$1" "$2" | sed 's/[^0-9].*//')
	echo "${n:-0}"
}

# uncompressed_of FILE : itself, or what gdcmconv makes of it
uncompressed_of() {
	case $(value "$1" 0002,0010) in
	LittleEndian[EI]* | BigEndianExplicit | Deflated* | "") echo "$1" ;;
	*)
		gdcmconv --raw "$1" "$work/plain.dcm" >/dev/null 2>&1 &&
			echo "$work/plain.dcm" ;;
	esac
}

# samples_of KIND FILE OUT : decode; its shape on stdout: columns, rows,
# frames, samples per pixel, 1 when these are in planes, bytes per sample
samples_of() {
	case $1 in
	dicom)
		rm -rf "$work/raw" "$work/plain.dcm"
		mkdir "$work/raw"
		set -- "$1" "$(uncompressed_of "$2")" "$3"
		[ -n "$2" ] || return 1
		dcmdump -q +W "$work/raw" "$2" >/dev/null 2>&1 || return 1
		mv "$work"/raw/*.raw "$3" || return 1
		frames=$(attribute "$2" 0028,0008)
		[ "$frames" = 0 ] && frames=1
		echo "$(attribute "$2" 0028,0011)" \
			"$(attribute "$2" 0028,0010) $frames" \
			"$(attribute "$2" 0028,0002)" \
			"$(attribute "$2" 0028,0006)" \
			$(($(attribute "$2" 0028,0100) / 8))
		;;
	png)
		convert "$2" -depth 16 "RGBA:$3" || return 1
		identify -format '%w %h 1 4 0 2' "$2"
		;;
	jpeg)
		djpeg -nosmooth -pnm "$2" >"$work/pnm" 2>/dev/null || return 1
		size=$(head -n 2 "$work/pnm" | tail -n 1)
		samples=$(head -n 1 "$work/pnm" | sed 's/P5/1/;s/P6/3/')
		tail -c "$((${size% *} * ${size#* } * samples))" \
			"$work/pnm" >"$3"
		echo "$size 1 $samples 0 1"
		;;
	esac
}

# judge SHAPE FILL BOXES : compare the samples in $work/a and $work/b; prints
# what is wrong.  FILL has a number a sample of a pixel, or is "constant";
# BOXES has lines "first,last,x,y,w,h".  $work/counts gets how many samples
# are inside a box, and how many outside differ.
judge() {
	cell=${1##* }
	od -An -v -w"$cell" -tu"$cell" "$work/a" >"$work/a.txt"
	od -An -v -w"$cell" -tu"$cell" "$work/b" >"$work/b.txt"
	paste "$work/a.txt" "$work/b.txt" |
		awk -v shape="$1" -v fill="$2" -v boxes="$3" \
		    -v counts="$work/counts" '
	BEGIN {
		split(shape, s)
		columns = s[1]; rows = s[2]; frames = s[3]
		samples = s[4]; planes = s[5]; cell = s[6]
		area = columns * rows
		total = area * frames * samples
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
		for (i in want)
			if (want[i] < 0)
				want[i] += 2 ^ (8 * cell)
	}
	NR > total { next }             # a pad byte
	{
		at = NR - 1
		slot = at % samples + 1
		pixel = int(at / samples)
		if (planes) {
			slot = int(at / area) % samples + 1
			pixel = int(at / (area * samples)) * area + at % area
		}
		if (!(pixel in inside)) {
			outside += $1 != $2
			next
		}
		if (constant && !(slot in want))
			want[slot] = $2
		wrong += !(slot in want) || $2 != want[slot]
		covered++
	}
	END {
		print covered + 0, outside + 0 >counts
		if (NR != total && (NR != total + 1 || cell != 1))
			print "samples: " NR
		if (outside)
			print outside " samples outside differ"
		if (wrong)
			print wrong " samples inside are not the fill"
		if (n && !covered)
			print "no sample is inside"
	}'
}

# compare KIND IN OUT FILL BOXES : decode both and judge; prints what is wrong
compare() {
	shape=$(samples_of "$1" "$2" "$work/a") &&
		again=$(samples_of "$1" "$3" "$work/b") &&
		[ "$shape" = "$again" ] || {
		echo "decoded as '${shape:-}' and '${again:-}'"
		return 0
	}
	judge "$shape" "$4" "$5"
}
