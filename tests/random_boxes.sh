#!/bin/sh
# random_boxes.sh - random boxes on real pictures and on forms made here:
# every sample inside is the fill and no other differs, by decoders that share
# no code with the writers (tests/judge/sight.h).  Prints a table by row of the
# decision table of DESIGN 6, and one by form of the pixels.
#
# SUMI_BOXES  least number of boxes for each row (50).  Every picture is
#             masked once or more, with 1 to 4 boxes.
# SUMI_SEED   the first seed (1); another one gives other boxes.
# SUMI_ROWS   only these rows.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
judge=$(cd "$top_builddir/tests/judge" && pwd)/judge
marks=$(cd "$top_builddir/tests/judge" && pwd)/marks
data=${SUMI_DATA:-$top_srcdir/../shared/data}
least=${SUMI_BOXES:-50}
seed=${SUMI_SEED:-1}
. "$top_srcdir/tests/judge/encode.sh"
failed=0

if ! command -v ffmpeg >/dev/null; then
	echo "skip random boxes: ffmpeg is missing, which judges JPEG-LS"
	exit 77
fi

# Every row that must have its boxes.
wanted='implicit-le explicit-le encapsulated-native big-endian deflated
deflated-frame float rle rle-1-bit jpeg-sequential-dicom jpeg-sequential-file
jpeg-12-bit jpeg-12-bit-file jpeg-progressive jpeg-arithmetic jpeg-lossless
jpeg-ls jpeg-ls-near j2k j2k-91-reversible j2k-91-irreversible htj2k png'
wanted=${SUMI_ROWS:-$wanted}

fault() {
	echo "not ok $*"
	failed=1
}

# ---- the pictures ----
: >"$work/files"
if [ -d "$data/dicom" ]; then
	for folder in dicom/benign_text dicom/burned dicom/syntax dicom/wsi \
		synth/dicom synth/png synth/jpeg; do
		find "$data/$folder" -type f
	done | sort >"$work/files"
	# not 268 megapixels; and nobody else reads CMYK of 12 bits
	find "$data/jpeg" "$data/png" -maxdepth 1 -type f |
		grep -v -e bomb -e iso10918_e1 | sort >>"$work/files"
else
	echo "skip real pictures: SUMI_DATA names no folder of them"
fi
mkdir "$work/made" || exit 99
make_and_encode "$work/made" 1 2
for name in le-mono1 le-padding-ss; do
	"$marks" stream "$work/made/$name-12bit.dcm" 0 "$work/made/$name.jpg"
done
find "$work/made" -type f | sort >>"$work/files"
# refused by a list that refusals.sh checks
while read -r file; do
	case $(grep -c "^${file#"$data"/}	" \
		"$top_srcdir/tests/refusals.tsv") in
	0) echo "$("$judge" row "$file") $file" ;;
	esac
done <"$work/files" >"$work/rows"

# ---- the boxes ----
# one ROW FILE : mask FILE with the boxes of the next seed, judge the copy
one() {
	seed=$((seed + 1))
	rm -f "$work/out"
	"$judge" boxes "$2" $seed >"$work/boxes"
	if ! "$program" mask "$2" "$work/out" $(cat "$work/boxes") \
		>"$work/report" 2>/dev/null </dev/null; then
		fault "$1 ${2##*/}, seed $seed: $(cat "$work/report")"
		echo "$2" >>"$work/refused"
		return 1
	fi
	if ! "$judge" compare "$2" "$work/out" "$work/report" \
		>"$work/verdict"; then
		fault "$1 ${2##*/}, seed $seed:" \
			"$(sed 's/^not ok //' "$work/verdict")"
		return 1
	fi
	echo "${2##*/}	$(cat "$work/verdict")" >>"$work/verdicts"
	boxes=$((boxes + $(wc -l <"$work/boxes")))
}

: >"$work/verdicts"
: >"$work/refused"
for row in $wanted; do
	boxes=0
	round=0
	grep "^$row " "$work/rows" | cut -d' ' -f2- >"$work/pictures"
	[ -s "$work/pictures" ] || fault "$row: no picture"
	while [ -s "$work/pictures" ] && [ $round -lt 60 ]; do
		while read -r file; do
			if [ $round = 0 ] || [ $boxes -lt "$least" ]; then
				one "$row" "$file" <&3
			fi
		done <"$work/pictures" 3</dev/null
		# a refused picture is not asked again
		grep -vxFf "$work/refused" "$work/pictures" >"$work/fewer"
		mv "$work/fewer" "$work/pictures"
		round=$((round + 1))
		[ $boxes -lt "$least" ] || break
	done
	[ $boxes -ge "$least" ] || fault "$row: only $boxes boxes"
done
grep -E '^(none|\?|not) ' "$work/rows" | grep -v "^none $data/dicom" |
	while read -r line; do
	echo "no row: $line"
done

# ---- the tables ----
# table COLUMN TITLE : sums by each word of a column
table() {
	awk -F'\t' -v column="$1" -v title="$2" '
	{
		n = split($column, word, ",")
		for (i = 1; i <= n; i++) {
			w = word[i]
			if (!((w, $1) in seen))
				files[w]++
			seen[w, $1] = 1
			copies[w]++; boxes[w] += $4; inside[w] += $5
			wrong[w] += $6; outside[w] += $7
			m = split($8, by, "+")
			for (k = 1; k <= m; k++)
				if (!((w, by[k]) in known)) {
					known[w, by[k]] = 1
					decoders[w] = decoders[w] \
						(decoders[w] ? "+" : "") by[k]
				}
		}
	}
	END {
		printf "%-22s %5s %6s %6s %10s %5s %7s  %s\n", title, "files",
			"copies", "boxes", "inside", "wrong", "outside", "by"
		for (w in files)
			printf "%-22s %5d %6d %6d %10d %5d %7d  %s\n", w,
				files[w], copies[w], boxes[w], inside[w],
				wrong[w], outside[w], decoders[w] | "sort"
	}' "$work/verdicts"
}
table 2 row
table 3 form
awk -F'\t' '{ n += $4; files[$1] = 1 } END { for (f in files) k++
	print n + 0 " boxes on " k + 0 " pictures" }' "$work/verdicts"
exit $failed
