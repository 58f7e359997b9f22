#!/bin/bash
# masking.sh - how fast masking is, and how much memory it takes, against other
# programs in the same run.
#
# usage: masking.sh [-s PERCENT] [-r ROUNDS] BUILD [WORK]
#
# BUILD is a build tree after `make bench/measure bench/masking_inputs
# bench/png_rival`; WORK a folder with 8 GB free (a new one below $TMPDIR).
# Makes its own inputs; -s makes those of 1 GB and more smaller.  Prints a table
# in Markdown: medians of ROUNDS (5) runs, of 3 at most for big files, rivals on
# one thread, everything in the page cache.  "stage" is ms.write of
# `mask --timings`, wall time in whole milliseconds; "command" all of
# `suminuri mask`, with hashes, verification and fsync.  CPU is user and system
# time of the whole command with its children.  Memory is the peak of the
# command's biggest process above that of `suminuri version`.  Ratios of stages
# to coders are to the CPU time of these.
set -u
percent=100 rounds=5
while getopts s:r: option; do
	case $option in
	s) percent=$OPTARG ;;
	r) rounds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
big_rounds=$((rounds < 3 ? rounds : 3))
build=$(cd "$1" && pwd) || exit 2
if [ $# -ge 2 ]; then
	work=$(mkdir -p "$2" && cd "$2" && pwd) || exit 2
	made=
else
	work=$(mktemp -d) || exit 99
	made=$work
fi
trap '[ -z "$made" ] || rm -rf "$made"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 2
rm -f errors.log
suminuri=$build/suminuri
measure=$build/bench/measure
inputs=$build/bench/masking_inputs
export LC_ALL=C OMP_NUM_THREADS=1 OPJ_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1
for program in "$suminuri" "$measure" "$inputs" "$build/bench/png_rival"; do
	[ -x "$program" ] || {
		echo "masking.sh: $program is not built: make bench/${program##*/}" >&2
		exit 2
	}
done

have() { command -v "$1" >/dev/null; }

# line WHAT OURS CPU RIVAL-NAME RIVAL-WALL RIVAL-CPU RATIO TARGET MET
line() {
	printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' "$@"
}

number() { [[ $1 =~ ^[0-9.]+$ ]]; }

# judge VALUE LIMIT : yes or no; nothing without a limit
judge() {
	[ -z "$2" ] || awk -v v="$1" -v l="$2" \
		'BEGIN { print (v <= l ? "yes" : "**no**") }'
}

# ours RUNS IN BOX... : sets stage, wall, cpu, peak; - when it failed
ours() {
	n=$1 in=$2
	shift 2
	stage=- wall=- cpu=- peak=-
	figures=$("$measure" "$n" out "$suminuri" mask --timings "$@" "$in" \
		out 2>ours.log) && read -r wall cpu peak <<<"$figures"
	grep -v '"ms":' ours.log >>errors.log
	stage=$(sed -n 's/.*"write":\([0-9]*\).*/\1/p' ours.log | sort -n |
		awk '{ v[NR] = $1 }
		     END { print NR ? v[int((NR + 1) / 2)] : "-" }')
}

# rival NAME RUNS OUT COMMAND... : sets r_name, r_wall, r_cpu; - when it failed
rival() {
	r_name=$1 r_wall=- r_cpu=-
	shift
	figures=$("$measure" "$@" 2>rival.log) &&
		read -r r_wall r_cpu _ <<<"$figures" ||
		tail -n 2 rival.log >>errors.log
}

# row WHAT OURS AGAINST LIMIT : the ratio of two times and whether it is met
row() {
	ratio=- met='not measured'
	if number "$2" && number "$3"; then
		ratio=$(awk -v a="$2" -v b="$3" 'BEGIN {
			printf "%.2f", (b + 0 ? a / b : 0) }')
		met=$(judge "$ratio" "$4")
	fi
	line "$1" "$2" "$cpu" "$r_name" "$r_wall" "$r_cpu" "$ratio" \
		"${4:+≤ $4}" "$met"
}

# end_to_end LIMIT : of what ours() has measured last
end_to_end() {
	r_name='its stage' r_wall=$stage r_cpu=
	row "… command" "$wall" "$stage" "$1"
}

# memory LIMIT : MiB; of what ours() has measured last
memory() {
	if ! number "$peak"; then
		line "… memory" - "" "" "" "" "" "≤ $1 MiB" "not measured"
		return
	fi
	mib=$(awk -v p="$peak" -v v="$version_kib" \
		'BEGIN { printf "%.1f", (p - v) / 1024 }')
	line "… memory" "$mib MiB" "" "" "" "" "" "${1:+≤ $1 MiB}" \
		"$(judge "$mib" "$1")"
}

version_kib=$("$measure" 5 none "$suminuri" version 2>version.log |
	cut -d' ' -f3)
{
	head -n 1 version.log
	echo "$(nproc --all) cores"
	sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
	echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
	echo "size $percent %, $rounds rounds"
	date -u +%F
} | paste -sd';'
echo
line "what" "suminuri, ms" "CPU of the command" "other" "wall" "CPU" "ratio" \
	"target" "met"
line --- --- --- --- --- --- --- --- ---

# ---- uncompressed, 1.1 GB ----

uncompressed() {
	frames=$((480 * percent / 100))
	cat >chain.sh <<'END'
sha256sum "$1" && dd if="$1" of="$2" bs=1M && sha256sum "$2" && cmp "$1" "$2"
END
	"$inputs" native 1024 768 "$frames" 3 8 big.dcm || exit 4
	cat big.dcm >/dev/null
	ours "$big_rounds" big.dcm --box 300,40,400,60
	rival "dd bs=1M" "$big_rounds" copy dd if=big.dcm of=copy bs=1M
	row "uncompressed, $frames frames of 2.4 MB, a box in every one: stage" \
		"$stage" "$r_wall" 1.25
	rival "sha256sum; dd; sha256sum; cmp" "$big_rounds" copy \
		sh chain.sh big.dcm copy
	row "… command" "$wall" "$r_wall" 1.1
	if have gdcmimg; then
		rival "gdcmimg --fill (masks one frame only)" 1 copy gdcmimg \
			--fill 0 --region 300,700,40,100 big.dcm copy
		row "… stage" "$stage" "$r_wall" 0.125
	fi
	memory 16
	rm -f big.dcm copy out
}

# ---- JPEG, 12 megapixels ----

# jpeg NAME FILE X Y LIMIT OPTION... : a box of 600 x 200
jpeg() {
	name=$1 file=$2 x=$3 y=$4 limit=$5
	shift 5
	process=
	[ "$name" != progressive ] || process=-progressive
	ours "$rounds" "$file" --box "$x,$y,600,200" "$@"
	rival "jpegtran -wipe $process" "$rounds" copy jpegtran -copy none \
		$process -wipe "600x200+$x+$y" -outfile copy "$file"
	row "JPEG 12 MP, $name: stage" "$stage" "$r_cpu" "$limit"
	rival "djpeg, cjpeg" "$rounds" copy sh -c \
		"djpeg '$file' | cjpeg -quality 90 >copy"
	row "…" "$stage" "$r_cpu" ""
	rival "convert -draw" "$rounds" copy.jpg convert "$file" -fill black \
		-draw "rectangle $x,$y $((x + 599)),$((y + 199))" copy.jpg
	row "…" "$stage" "$r_cpu" ""
	end_to_end 3
	memory ""
}

# The stage alone, 2 ms for 7 MB; the other rows of a file with restarts would
# only show what the start of a process costs.
restarts() {
	size=$(stat -c %s restarts.jpg)
	ours "$rounds" restarts.jpg --box 1200,800,600,200
	r_name="2 ms per 7 MB" r_cpu=
	r_wall=$(awk -v s="$size" 'BEGIN { printf "%.1f", s / 3.5e6 }')
	row "JPEG 12 MP, restarts: stage" "$stage" "$r_wall" 1
}

jpegs() {
	"$inputs" photo 4032 3024 photo.ppm || exit 4
	cjpeg -quality 90 photo.ppm >plain.jpg
	cjpeg -quality 90 -restart 1 photo.ppm >restarts.jpg
	cjpeg -quality 90 -progressive photo.ppm >progressive.jpg
	cjpeg -quality 90 -optimize photo.ppm >optimised.jpg
	jpeg "upper third" plain.jpg 1200 800 0.5
	jpeg "bottom" plain.jpg 1200 2800 0.5
	jpeg "optimised tables" optimised.jpg 1200 800 0.5
	jpeg "strict residue" plain.jpg 1200 800 "" --strict-residue
	jpeg "progressive" progressive.jpg 1200 800 1.1
	restarts
}

# ---- JPEG in DICOM ----

# same_fragments A B NUMBER : of 30 frames only NUMBER (from 1) differs
same_fragments() {
	rm -rf a b
	mkdir a b
	dcmdump +W a "$1" >/dev/null && dcmdump +W b "$2" >/dev/null || return
	# the first one is the offset table
	count=0 other=
	for i in $(seq 30); do
		if cmp -s a/*."$i".raw b/*."$i".raw; then
			count=$((count + 1))
		else
			other=$i
		fi
	done
	[ "$count" = 29 ] && [ "$other" = "$3" ]
}

cine() {
	"$inputs" native 320 240 30 3 8 cine_raw.dcm || exit 4
	dcmcjpeg +eb cine_raw.dcm cine.dcm 2>>errors.log
	ours "$rounds" cine.dcm --box 40,20,200,30
	rival "dcmdjpeg; dcmcjpeg" "$rounds" copy sh -c \
		"dcmdjpeg cine.dcm tmp.dcm && dcmcjpeg +eb tmp.dcm copy"
	row "JPEG cine, 30 frames of 320 x 240: stage" "$stage" "$r_cpu" 0.2
	end_to_end 3
	memory ""
	ours "$rounds" cine.dcm --box 40,20,200,30@7
	met='**no**'
	same_fragments cine.dcm out 7 && met=yes
	line "… a box in frame 7: fragments alike" "$count of 30" "$cpu" \
		"dcmdump +W; cmp" "" "" "" "29, not the 7th" "$met"
}

encapsulated() {
	frames=$((1450000000 / $(stat -c %s plain.jpg) * percent / 100))
	"$inputs" encapsulate plain.jpg 4032 3024 "$frames" caps.dcm || exit 4
	ours "$big_rounds" caps.dcm --box 1200,800,600,200
	rival "dd bs=1M" "$big_rounds" copy dd if=caps.dcm of=copy bs=1M
	row "encapsulated, $frames JPEG frames, all touched: stage" \
		"$stage" "$r_wall" ""
	end_to_end 3
	memory 48
	rm -f caps.dcm copy out
}

# ---- a frame without loss ----

# frame NAME ENCODE DECODE : DCMTK's tools with their options
frame() {
	encode=$2 decode=$3
	$encode raw.dcm coded.dcm 2>>errors.log
	ours "$rounds" coded.dcm --box 300,300,400,60
	rival "${decode%% *}; ${encode%% *}" "$rounds" copy sh -c \
		"$decode coded.dcm tmp.dcm && $encode tmp.dcm copy"
	row "$1, 1760 x 1760, 12 bits: stage" "$stage" "$r_cpu" 1.2
	end_to_end ""
}

j2k_frame() {
	gdcmconv --j2k raw.dcm coded.dcm 2>>errors.log &&
		gdcmraw -i coded.dcm -o coded.j2k 2>>errors.log
	ours "$rounds" coded.dcm --box 300,300,400,60
	rival "opj_decompress; opj_compress" "$rounds" copy.j2k sh -c \
		"opj_decompress -i coded.j2k -o tmp.pgm &&
		 opj_compress -i tmp.pgm -o copy.j2k"
	row "JPEG 2000 reversible, 1760 x 1760, 12 bits: stage" "$stage" \
		"$r_cpu" 1.1
	end_to_end ""
}

frames() {
	"$inputs" native 1760 1760 1 1 12 raw.dcm || exit 4
	frame "JPEG-LS" dcmcjpls dcmdjpls
	frame "JPEG Lossless" "dcmcjpeg +e1" dcmdjpeg
	frame "RLE" dcmcrle dcmdrle
	j2k_frame
}

# ---- PNG ----

png() {
	convert photo.ppm photo.png 2>>errors.log
	ours "$rounds" photo.png --box 1200,800,600,200
	rival "libpng: read, change, write" "$rounds" copy \
		"$build/bench/png_rival" photo.png copy 1200 800 600 200
	row "PNG 12 MP: stage" "$stage" "$r_cpu" 1.1
	rival "convert -draw" "$rounds" copy.png convert photo.png -fill black \
		-draw 'rectangle 1200,800 1799,999' copy.png
	row "…" "$stage" "$r_cpu" 0.5
	end_to_end ""
	memory ""
}

uncompressed
jpegs
cine
encapsulated
frames
png
echo
echo "Load at the end: $(cut -d' ' -f1-3 /proc/loadavg); $SECONDS s in all."
[ ! -s errors.log ] || { echo; echo "Said on the way (last lines):"; echo
	tail -n 5 errors.log | cut -c1-120 | sed 's/^/    /'; }
