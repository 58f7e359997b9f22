#!/bin/sh
# blind.sh - a second reader marks what must go in the input: a mark counts in
# each of its frames, and what lies in overlays is shown to him as well.
. "$top_srcdir/tests/start.sh"
. "$here/tests/readers.sh"
blind="run qa review --test-fd=3 --test-seed=2 --graphics=sextant --mode=blind"

# the name stands in one frame of six, and is masked there
mkdir in home
cp "$samples/us_cine.dcm" in/1.dcm
play decide "a cine is decided" <<END
terminal 200 60
$review --faces=off -o $work/p $work/in
expect 1 items
key \s
until \s SPC blocked: press v
key v
until \s masked 1
expect written
key Q
exit 0
END
run qa plan p
check "it is drawn" has out 'checks 1 of 1'
play mark "a mark is made on all frames" <<END
terminal 200 60
$blind --faces=off --reviewer=q1 $work/p
expect mark what must go
key \s
expect QA BLIND
until v TOUR
until \s tour done
key A
key 1
key \r
until \s SPC approve
key \s
expect that was all
key Q
exit 0
END
run qa report p
check "it is left in a frame, which is told" has out 'what is not masked, or was not sure; first in frame 1 of 6;'
check "boxes are compared in each frame" has out 'Boxes, frame by frame: both '
run qa report --json p
check "machines are told too" has out '"frame":0'

# an overlay goes whatever is decided: both see what is in it
if [ -n "$data" ]; then
	mkdir in2
	cp "$data/dicom/syntax/examples_overlay.dcm" in2/1.dcm
	play over "a picture with an overlay is decided" <<-END
	terminal 200 60
	$review --faces=off -o $work/p2 $work/in2
	expect 1 items
	key \s
	expect overlay 6000
	until \s SPC blocked: no box
	until v TOUR
	until \s tour done
	key Z
	expect written
	key Q
	exit 0
	END
	run qa plan p2
	play look "the blind reader is shown the overlay" <<-END
	terminal 200 60
	$blind --faces=off --reviewer=q1 $work/p2
	expect mark what must go
	key \s
	expect QA BLIND
	expect overlay 6000
	until \s SPC blocked: no box
	until v TOUR
	until \s tour done
	key Z
	expect that was all
	key Q
	exit 0
	END
	run qa report --json p2
	check "and is no mark of his" has out '"neither":1'
fi
exit $failed
