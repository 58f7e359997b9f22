# encode.sh - pictures made by the project (make_forms), packed by encoders of
# others: DCMTK's and OpenJPEG's programs and cjpeg.  Read by scripts; not run.
#
# Sets: work    a folder, removed at the end
make_forms=$(cd "$top_builddir/tests/judge" && pwd)/make_forms
for tool in dcmcjpls dcmcjpeg dcmcrle dcmconv opj_compress dcmodify gdcmconv; do
	if ! command -v $tool >/dev/null; then
		echo "skip $(basename "$0" .sh): $tool is missing"
		exit 77
	fi
done
work=$(mktemp -d "${TMPDIR:-/tmp}/judge-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# by PROGRAM OPTIONS DIR NAME ENDING : pack DIR/NAME.dcm by one of DCMTK's
by() {
	"$1" $2 "$3/$4.dcm" "$3/$4-$5.dcm" >"$work/said" 2>&1 || {
		echo "not ok $1 $4: $(head -n 1 "$work/said")"
		failed=1
	}
}

# lossy PROGRAM OPTIONS DIR NAME ENDING : the same; the ratio that it notes is
# no part of the pixels
lossy() {
	by "$@"
	dcmodify -nb -e "(0028,2112)" "$3/$4-$5.dcm" >"$work/said" 2>&1
}

# j2k DIR NAME SEED TWIN FORM FRAMES SYNTAX OPTIONS ENDING : FRAMES frames of
# NAME through opj_compress; FORM is columns,rows,samples,bits,sign
j2k() {
	streams=
	for frame in $(seq 0 $(($6 - 1))); do
		"$make_forms" raw "$2" "$frame" "$work/frame.rawl" "$3" "$4" &&
			opj_compress -i "$work/frame.rawl" -F "$5" $8 \
				-o "$work/frame$frame.j2k" \
				>"$work/said" 2>&1 || {
			echo "not ok opj_compress $2: $(tail -n 1 "$work/said")"
			failed=1
			return
		}
		streams="$streams $work/frame$frame.j2k"
	done
	"$make_forms" wrap "$2" "$7" "$1/$2-$9.dcm" $streams
}

# jpeg DIR NAME SYNTAX FILE... : JPEG files as the frames of a picture
jpeg() {
	out=$1/$2-frames.dcm
	form=$3
	syntax=$4
	shift 4
	"$make_forms" wrap "$form" "$syntax" "$out" "$@"
}

j2k_lossless=1.2.840.10008.1.2.4.90
j2k=1.2.840.10008.1.2.4.91
baseline=1.2.840.10008.1.2.4.50

# make_and_encode DIR SEED TWIN : every form that there is
make_and_encode() {
	"$make_forms" files "$1" "$2" "$3" || exit 99
	for name in le-8 le-16 le-12-signed le-rgb le-mono1; do
		by dcmcjpls "+un" "$1" $name jls
		by dcmcjpeg "+e1 +un" "$1" $name sv1
	done
	by dcmcjpeg "+el +sv 6 +un" "$1" le-16 p14
	by dcmcjpeg "+el +sv 4 +un" "$1" le-8 p14
	for name in le-8 le-16 le-rgb; do
		lossy dcmcjpls "+en +md 3 +un" "$1" $name near
	done
	for name in le-8 le-12-signed le-rgb-planar le-ybr le-palette-8; do
		by dcmcrle "+un" "$1" $name rle
	done
	by dcmconv "+td" "$1" le-12-signed dfl
	by dcmconv "+td" "$1" le-rgb-planar dfl
	lossy dcmcjpeg "+ee +un" "$1" le-mono1 12bit
	lossy dcmcjpeg "+ee +un" "$1" le-padding-ss 12bit
	lossy dcmcjpeg "+eb +un +cr" "$1" le-rgb rgb
	lossy dcmcjpeg "+ep +un" "$1" le-8 progressive
	j2k "$1" le-8 "$2" "$3" 96,64,1,8,u 1 $j2k_lossless "" j2k
	j2k "$1" le-16 "$2" "$3" 97,61,1,16,u 3 $j2k_lossless "-n 3" j2k
	j2k "$1" le-12-signed "$2" "$3" 96,64,1,16,s 2 $j2k_lossless "" j2k
	j2k "$1" le-rgb "$2" "$3" 95,63,3,8,u 2 $j2k_lossless "-mct 1" j2k
	j2k "$1" le-8 "$2" "$3" 96,64,1,8,u 1 $j2k "-t 32,32" rev
	j2k "$1" le-rgb "$2" "$3" 95,63,3,8,u 2 $j2k "-mct 0" rev
	j2k "$1" le-8 "$2" "$3" 96,64,1,8,u 1 $j2k "-I -r 5" irr
	j2k "$1" le-16 "$2" "$3" 97,61,1,16,u 3 $j2k "-I -r 4" irr
	j2k "$1" le-rgb "$2" "$3" 95,63,3,8,u 2 $j2k "-I -r 6" irr
	jpeg "$1" grey le-8 $baseline "$1/grey.jpg" "$1/grey.jpg" "$1/grey.jpg"
	jpeg "$1" 420 le-ybr $baseline "$1/420-optimised.jpg" \
		"$1/420-optimised.jpg"
}
