#!/bin/sh
# marks.sh - marks of high entropy in every carrier, each with 32 bytes of its
# own: none of their 8-byte windows is in the masked copy, as it lies there or
# inflated or in every second byte, and the report's `dropped` names the
# carrier.  All are found in the input, so the test can fail.  Those of PNG
# are in check_png_carriers.c.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
marks=$(cd "$top_builddir/tests/judge" && pwd)/marks
. "$top_srcdir/tests/judge/encode.sh"
failed=0
carriers=0

fault() {
	echo "not ok $*"
	failed=1
}

# search FILE MARKS PROFILE OPTION... : FILE's marks, before and after
search() {
	file=$1
	list=$2
	what="${file##*/}, $3"
	tags=$3
	shift 3
	"$marks" find "$file" "$list" | sort >"$work/seen"
	cut -d' ' -f1 "$list" | sort | diff - "$work/seen" >"$work/unseen" ||
		fault "$what: not in the input: $(grep '^<' "$work/unseen")"
	rm -f "$work/out"
	"$program" mask "$file" "$work/out" --tags "$tags" "$@" \
		>"$work/line" 2>/dev/null </dev/null || {
		fault "$what: $(cat "$work/line")"
		return
	}
	"$marks" find "$work/out" "$list" >"$work/left"
	# headers that were cleaned upstream stay as they are
	[ "$tags" = keep ] && sed -i '/^text:/d' "$work/left"
	[ -s "$work/left" ] && fault "$what: left: $(tr '\n' ' ' <"$work/left")"
	while read -r carrier word mark; do
		case $word in
		-) ;;
		*) grep -q "\"dropped\":\[[^]]*\"$word\"" "$work/line" ||
			fault "$what: $carrier: no $word in" \
			"$(grep -o '"dropped":[^]]*]' "$work/line")" ;;
		esac
	done <"$list"
	carriers=$((carriers + $(wc -l <"$list")))
	echo "ok $what: $(wc -l <"$list") carriers"
}

for where in high low; do
	"$marks" dicom $where "$work/set-$where.dcm" "$work/set-$where.marks"
	for tags in mhlw keep ps315 \
		ps315+uids+device+institution+patient+full-dates; do
		search "$work/set-$where.dcm" "$work/set-$where.marks" $tags \
			--box=0,0,40,3
	done
done

mkdir "$work/m"
make_and_encode "$work/m" 1 2
for name in 420 420-optimised grey 444 progressive arithmetic; do
	"$marks" spoil file "$work/m/$name.jpg" "$work/file-$name.jpg" \
		"$work/$name.marks"
	search "$work/file-$name.jpg" "$work/$name.marks" mhlw \
		--box=16,16,32,16
	search "$work/file-$name.jpg" "$work/$name.marks" mhlw --clean
done

"$make_forms" raw le-16 0 "$work/frame.rawl" 1 2
opj_compress -i "$work/frame.rawl" -F 97,61,1,16,u -o "$work/frame.jp2" \
	>/dev/null 2>&1
# Frames: KIND, a picture whose first frame is taken, its form and syntax.
# Both frames are spoiled; the box is in the first.
while read -r kind from form syntax; do
	list=$work/$kind-$from.marks
	case $kind in
	jp2) cp "$work/frame.jp2" "$work/stream" ;;
	*) "$marks" stream "$work/m/$from.dcm" 0 "$work/stream" ;;
	esac
	for i in 1 2; do
		"$marks" spoil $kind "$work/stream" "$work/stream$i" "$list"
	done
	"$make_forms" wrap $form 1.2.840.10008.1.2.$syntax \
		"$work/$kind-$from.dcm" "$work/stream1" "$work/stream2"
	search "$work/$kind-$from.dcm" "$list" mhlw --box=16,16,32,16@1
	search "$work/$kind-$from.dcm" "$list" mhlw --clean
done <<'END'
jpeg grey-frames le-8 4.50
jpeg 420-frames le-ybr 4.50
jpeg le-8-progressive le-8 4.55
jpeg le-mono1-12bit le-mono1 4.51
jpeg le-8-sv1 le-8 4.70
jpeg le-16-p14 le-16 4.57
jls le-8-jls le-8 4.80
jls le-16-near le-16 4.81
j2k le-8-j2k le-8 4.90
j2k le-8-irr le-8 4.91
jp2 frame le-16 4.90
rle rle-8 le-8 5
rle rle-rgb le-rgb 5
deflate frames-8 le-8 8.1
END
echo "$carriers carriers"
exit $failed
