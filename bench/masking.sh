#!/bin/bash
# masking.sh - how fast masking is, and how much memory it takes, against other
# programs in the same run.
#
# usage: masking.sh BUILD [WORK]
#
# BUILD is a build tree after `make bench/measure bench/masking_inputs
# bench/png_rival`; WORK a folder with 8 GB free (a new
# one below $TMPDIR).  Makes its own inputs.  Prints a table in Markdown:
# medians of 5 runs (3 for files of 1 GB and more), rivals on one thread.
# "stage" is ms.write of `mask --timings`; "command" all of `suminuri mask`,
# with hashes, verification and fsync; memory is the peak of the command above
# that of `suminuri version`.
set -u
[ $# -ge 1 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
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

# row WHAT OURS RIVAL NAME GOAL : milliseconds, the ratio and what it should be
row() {
	awk -v what="$1" -v ours="$2" -v rival="$3" -v name="$4" -v goal="$5" '
	BEGIN {
		if (ours == "" || ours == "-")
			printf "| %s | refused | | %s | | %s |\n",
				what, name, goal
		else if (rival == "" || rival == "-")
			printf "| %s | %.0f ms | | %s: missing or failed" \
				" | | %s |\n", what, ours, name, goal
		else
			printf "| %s | %.0f ms | %.0f ms | %s | %.2f | %s |\n",
				what, ours, rival, name,
				(rival + 0 ? ours / rival : 0), goal
	}'
}

# took N RUNS OUT COMMAND... : figure N of measure (1 wall, 2 CPU, 3 memory)
took() {
	figure=$1
	shift
	"$measure" "$@" 2>>errors.log | cut -d' ' -f"$figure"
}

# stage RUNS IN BOX... : median of ms.write; nothing when it is refused
stage() {
	n=$1 in=$2
	shift 2
	for i in $(seq "$n"); do
		rm -f out
		"$suminuri" mask --timings "$@" "$in" out 2>>errors.log |
			sed -n 's/.*"write":\([0-9]*\).*/\1/p'
	done | sort -n | awk '{ v[NR] = $1 }
		END { if (NR) print v[int((NR + 1) / 2)] }'
}

# command FIGURE RUNS IN BOX...
command_() {
	figure=$1 n=$2 in=$3
	shift 3
	took "$figure" "$n" out "$suminuri" mask "$@" "$in" out
}

version_kib=$(took 3 5 none "$suminuri" version)
# memory WHAT RUNS IN GOAL BOX...
memory() {
	what=$1 n=$2 in=$3 goal=$4
	shift 4
	peak=$(command_ 3 "$n" "$in" "$@")
	[ -n "$peak" ] || peak=-1
	awk -v what="$what" -v peak="$peak" -v base="$version_kib" \
	    -v goal="$goal" 'BEGIN {
		if (peak < 0)
			printf "| %s: memory | refused | | | | %s |\n", what,
				goal
		else
			printf "| %s: memory | %.1f MiB | | | | %s |\n", what,
				(peak - base) / 1024, goal
	}'
}

echo "$("$suminuri" version | head -n 1); $(nproc --all) cores;" \
	"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1);" \
	"load $(cut -d' ' -f1-3 /proc/loadavg); $(date -u +%F)"
echo
echo "| what | suminuri | rival | which | ratio | goal |"
echo "|---|---|---|---|---|---|"

# ---- uncompressed, 1.1 GB ----

native_chain() {
	cat >chain.sh <<'END'
sha256sum "$1" && dd if="$1" of="$2" bs=1M && sha256sum "$2" && cmp "$1" "$2"
END
	took 1 3 copy sh chain.sh "$1" copy
}

uncompressed() {
	box=(--box 300,40,400,60)
	"$inputs" native 1024 768 480 3 8 big.dcm || exit 4
	cat big.dcm >/dev/null
	dd_ms=$(took 1 3 copy dd if=big.dcm of=copy bs=1M)
	row "uncompressed 1.1 GB, a box in every frame: stage" \
		"$(stage 3 big.dcm "${box[@]}")" "$dd_ms" \
		"dd bs=1M" "≤ 1.25"
	row "… command" "$(command_ 1 3 big.dcm "${box[@]}")" \
		"$(native_chain big.dcm)" \
		"sha256sum; dd; sha256sum; cmp" "≤ 1.1"
	memory "…" 3 big.dcm "≤ 16 MiB" "${box[@]}"
	rival=-
	have gdcmimg && rival=$(took 1 3 copy gdcmimg --fill 0 \
		--region 300,700,40,100 big.dcm copy)
	row "… command" "$(command_ 1 3 big.dcm "${box[@]}")" "$rival" \
		"gdcmimg --fill (one frame only)" "≤ 0.125"
	rm -f big.dcm copy out
}

# ---- JPEG, 12 megapixels ----

# jpeg NAME FILE BOX X,Y,W,H GOAL
jpeg() {
	IFS=, read -r x y w h <<<"$3"
	wipe=- recode=- draw=-
	have jpegtran && wipe=$(took 2 5 copy jpegtran -copy none \
		-wipe "${w}x$h+$x+$y" -outfile copy "$2")
	have djpeg && recode=$(took 2 5 copy sh -c \
		"djpeg '$2' | cjpeg -quality 90 >copy")
	have convert && draw=$(took 2 5 copy.jpg convert "$2" -fill black \
		-draw "rectangle $x,$y $((x + w - 1)),$((y + h - 1))" copy.jpg)
	ours=$(stage 5 "$2" --box "$3")
	row "JPEG 12 MP, $1: stage" "$ours" "$wipe" "jpegtran -wipe, CPU" "$4"
	row "…" "$ours" "$recode" "djpeg \| cjpeg, CPU" ""
	row "…" "$ours" "$draw" "convert -draw, CPU" ""
	row "… command" "$(command_ 1 5 "$2" --box "$3")" "$ours" \
		"the stage" "≤ 3"
	memory "…" 5 "$2" "" --box "$3"
}

jpegs() {
	"$inputs" photo 4032 3024 photo.ppm || exit 4
	if ! have cjpeg; then
		row "JPEG 12 MP" - - "cjpeg" ""
		return
	fi
	cjpeg -quality 90 photo.ppm >plain.jpg
	cjpeg -quality 90 -restart 1 photo.ppm >restarts.jpg
	cjpeg -quality 90 -progressive photo.ppm >progressive.jpg
	cjpeg -quality 90 -optimize photo.ppm >optimised.jpg
	jpeg "upper third" plain.jpg 1200,800,600,200 "≤ 0.5"
	jpeg "bottom" plain.jpg 1200,2800,600,200 "≤ 0.5"
	jpeg "optimised tables" optimised.jpg 1200,800,600,200 "≤ 0.5"
	jpeg "progressive" progressive.jpg 1200,800,600,200 "≤ 1.1"
	size=$(stat -c %s restarts.jpg)
	jpeg "restarts" restarts.jpg 1200,800,600,200 \
		"≤ $(awk -v s="$size" 'BEGIN { printf "%.1f", s / 3.5e6 }') ms"
}

# ---- JPEG in DICOM ----

cine() {
	"$inputs" native 320 240 30 3 8 cine_raw.dcm || exit 4
	if ! have dcmcjpeg || ! dcmcjpeg +eb cine_raw.dcm cine.dcm \
			2>>errors.log; then
		row "JPEG cine" - - "dcmcjpeg" "≤ 0.2"
		return
	fi
	rival=$(took 2 5 copy sh -c \
		"dcmdjpeg cine.dcm tmp.dcm && dcmcjpeg +eb tmp.dcm copy")
	row "JPEG cine, 30 frames of 320 x 240: stage" \
		"$(stage 5 cine.dcm --box 40,20,200,30)" "$rival" \
		"dcmdjpeg; dcmcjpeg, CPU" "≤ 0.2"
	row "… command" "$(command_ 1 5 cine.dcm --box 40,20,200,30)" \
		"$rival" "dcmdjpeg; dcmcjpeg, CPU" ""
}

encapsulated() {
	[ -s plain.jpg ] || return
	frames=$((1450000000 / $(stat -c %s plain.jpg)))
	"$inputs" encapsulate plain.jpg 4032 3024 "$frames" caps.dcm || exit 4
	memory "encapsulated 1.45 GB, $frames frames, all touched" 3 caps.dcm \
		"≤ 48 MiB" --box 1200,800,600,200
	dd_ms=$(took 1 3 copy dd if=caps.dcm of=copy bs=1M)
	row "… stage" "$(stage 3 caps.dcm --box 1200,800,600,200)" "$dd_ms" \
		"dd bs=1M" ""
	rm -f caps.dcm copy out
}

# ---- a frame without loss ----

# frame NAME ENCODE DECODE : DCMTK's tools with their options
frame() {
	encode=$2 decode=$3
	if ! have "${encode%% *}" || ! $encode raw.dcm coded.dcm \
			2>>errors.log; then
		row "$1" - - "${encode%% *}" "≤ 1.2"
		return
	fi
	rival=$(took 2 5 copy sh -c \
		"$decode coded.dcm tmp.dcm && $encode tmp.dcm copy")
	row "$1, 1760 x 1760, 12 bits: stage" \
		"$(stage 5 coded.dcm --box 300,300,400,60)" "$rival" \
		"${decode%% *}; ${encode%% *}, CPU" "≤ 1.2"
}

j2k_frame() {
	goal="≤ 1.1"
	if ! have opj_compress || ! have gdcmconv || ! have gdcmraw ||
	   ! gdcmconv --j2k raw.dcm coded.dcm 2>>errors.log ||
	   ! gdcmraw coded.dcm coded.j2k 2>>errors.log; then
		row "JPEG 2000" - - "opj_compress, gdcmconv or gdcmraw" "$goal"
		return
	fi
	rival=$(took 2 5 copy.j2k sh -c "opj_decompress -i coded.j2k \
		-o tmp.pgm && opj_compress -i tmp.pgm -o copy.j2k")
	row "JPEG 2000 reversible, 1760 x 1760, 12 bits: stage" \
		"$(stage 5 coded.dcm --box 300,300,400,60)" "$rival" \
		"opj_decompress; opj_compress, CPU" "$goal"
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
	if ! have convert || ! convert photo.ppm photo.png 2>>errors.log; then
		row "PNG 12 MP" - - "convert" "≤ 0.5"
		return
	fi
	ours=$(stage 5 photo.png --box 1200,800,600,200)
	row "PNG 12 MP: stage" "$ours" \
		"$(took 2 5 copy "$build/bench/png_rival" photo.png copy \
			1200 800 600 200)" \
		"libpng, read, change, write, CPU" "≤ 1.1"
	row "…" "$ours" "$(took 2 5 copy.png convert photo.png -fill black \
		-draw 'rectangle 1200,800 1799,999' copy.png)" \
		"convert -draw, CPU" "≤ 0.5"
	memory "…" 5 photo.png "" --box 1200,800,600,200
}

uncompressed
jpegs
cine
encapsulated
frames
png
[ ! -s errors.log ] || { echo; echo "Said on the way (last lines):"; echo
	tail -n 3 errors.log | cut -c1-120 | sed 's/^/    /'; }
