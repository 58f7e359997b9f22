#!/bin/sh
# data.sh - every real picture gets proposals or a refusal that is expected.
# Refusals are expected in the folders of damaged files and of objects without
# pictures, and for the files named here with their code.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
data=${SUMI_DATA:-$top_srcdir/../shared/data}
if ! cd "$data" 2>/dev/null; then
	echo "skip data: no real pictures; SUMI_DATA names their folder"
	exit 77
fi
folders='^(dicom/(broken|fuzz|nopixel|video|charset)|(jpeg|png)/broken)/'
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
sort >"$dir/named" <<'END'
dicom/syntax/JLSL_08_07_0_1F.dcm unsupported
dicom/syntax/fo_GH340.dcm unsupported
dicom/syntax/fo_multiframe.dcm inconsistent
jpeg/jd_jpeg_lossless_sel2.jpg unsupported
END

# result NAME : ok when the file of faults is empty
result() {
	if [ -s "$dir/faults" ]; then
		echo "not ok $1"
		cat "$dir/faults"
		failed=1
	else
		echo "ok $1"
	fi
}

find dicom jpeg photo png synth text -type f | sort >"$dir/files"
"$program" propose --jobs 2 dicom jpeg photo png synth text \
	>"$dir/lines" 2>"$dir/said"
wc -l <"$dir/files" >"$dir/wanted"
wc -l <"$dir/lines" | cmp -s - "$dir/wanted" && : >"$dir/faults" ||
	echo "lines: $(wc -l <"$dir/lines")" >"$dir/faults"
result "a line for each of $(cat "$dir/wanted") files"

sed -n 's/^{"v":1,"file":"\([^"]*\)","refused":{"code":"\([^"]*\)".*/\1 \2/p' \
	"$dir/lines" | sort >"$dir/all"
# 268 megapixels in 0.9 MB: read, or too slow on a busy machine
grep -vx 'png/decompression_bomb_16383.png too-slow' "$dir/all" \
	>"$dir/refused"
grep -E ' (crashed|too-slow|no-memory)$' "$dir/refused" >"$dir/faults"
result "no crash, no hang, no lack of memory"

grep -vE "$folders" "$dir/refused" >"$dir/outside"
diff "$dir/named" "$dir/outside" >"$dir/faults"
result "$(wc -l <"$dir/refused") refusals, all expected"
exit $failed
