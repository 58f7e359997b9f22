#!/bin/sh
# planes.sh - pictures whose overlays and unused bits hold text: they are
# reviewed by keys, what was shown of a plane is read again, and the copies
# leave without it.
. "$top_srcdir/tests/start.sh"
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS
if [ -z "$data" ]; then
	echo "skip planes: SUMI_DATA names no folder of test data"
	exit 77
fi

mkdir in home
# 16 bits with one overlay, 8 bits with four and with text in the bits
cp "$data/dicom/syntax/examples_overlay.dcm" in/1.dcm
cp "$data/dicom/syntax/we_overlay.dcm" in/2.dcm
cat >planes.keys <<END
terminal 200 60
run review --test-fd=3 --test-seed=1 --graphics=sextant --faces=off --reviewer=r1 -o $work/p $work/in
expect 2 items
key \s
expect overlay 6000
until \s SPC blocked: no box
key v
until \s tour done
key Z
expect 2.dcm
expect text in overlays or unused bits
until \s masked 1
key W
expect all that was decided is out
key Q
exit 0
END
check "they are reviewed and released" "$build/tests/pty/play" "$program" \
	"$work/home" planes.keys

run verify p
check "the copies are sound" is "$status" 0
run log check p
check "and so is the log" is "$status" 0
grep -ho '"frame":-[0-9]*' p/private/masks/* | sort -u >frames
check "planes were shown" grep -qx '"frame":-65552' frames
for item in $(sed -n 's/.*"ev":"item.verdict".*"item":"\([0-9a-f]*\)".*/\1/p' \
	p/private/log/*.jsonl); do
	run log show --replay="$item" p
	cat out >>told
done
check "the log tells them by name" has told "overlay 6000 f1"
check "and the bits" has told "unused bits f1"
exit $failed
