#!/bin/sh
# second.sh - with `second = technologist` an output waits: apply makes it and
# keeps it, a second reader of that training reads the copy, then it leaves;
# what he does not agree to goes back to review.
. "$top_srcdir/tests/start.sh"
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS

mkdir in home
cp "$samples/plain.jpg" in/1.jpg
# play NAME WHAT : the script on standard input
play() {
	cat >"$1.keys"
	check "$2" "$build/tests/pty/play" "$program" "$work/home" "$1.keys"
}
# The picture has nothing to mask: all that there is to see is looked at.
seen='until \s SPC blocked: faces not checked
key v
until \s tour done
key F'
review="run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1"
second="run qa review --test-fd=3 --test-seed=1 --graphics=sextant"
second="$second --mode=second"

play make "a project" <<END
terminal 80 24
$review -o $work/p $work/in
expect 1 items
key Q
exit 0
END
printf 'second = technologist\n' >>p/private/policy.ini


play decide "W releases nothing that waits" <<END
terminal 120 40
$review $work/p
expect 1 items
key \s
$seen
key Z
expect clean 1
key W
expect waits for a second reader
key Q
exit 0
END

run apply p
check "apply keeps it, and that is no fault" is "$status" 0
check "it says so" has out '"output":"waiting"'
check "and what to do" has err '1 outputs wait for a second reader'
check "nothing is out" is "$(find p/out -type f | wc -l)" 1

play same "whoever decided may not read" <<END
terminal 80 24
$second --reviewer=r1 --qualification=technologist $work/p
exit 2
END
play low "nor somebody not trained for it" <<END
terminal 80 24
$second --reviewer=q1 --qualification=staff $work/p
exit 2
END

# q1 is remembered as the reader; he takes a word back, and gives another
play mark "a second reader marks something" <<END
terminal 120 40
$second --reviewer=q1 --qualification=physician $work/p
expect masked copies
key \s
expect SECOND READER
$seen
key A
key 1
key \r
until \s that was all: Q leaves
key Q
exit 0
END
run log show p
check "which escalates the item" has out "escalated"
run apply p
check "it is open again" has out '"open":1'

play again "it is decided anew, with the mark on" <<END
terminal 120 40
$review $work/p
expect escalated 1
key \r
expect 1+ added
key u
$seen
until \s masked 1
key W
expect waits for a second reader
key Q
exit 0
END
play agree "the second reader agrees" <<END
terminal 120 40
$second --reviewer=q1 $work/p
expect masked copies
key \s
expect SECOND READER
until \s SPC blocked: faint ink, v shows it
key v
$seen
key Z
expect that was all: Q leaves
key Q
exit 0
END
rm p/private/worklist.db
run rebuild p in
check "a worklist made anew from the log knows it" is "$status" 0
run apply p
check "then it leaves" is "$status $(find p/out -name '*.jpg' | wc -l)" "0 1"
check "and is said" has out '"released":1'
run log check p
check "log check knows it" is "$status" 0
run verify p
check "verify too" is "$status" 0
run trace p/out/pictures/*.jpg p
check "trace names both" is "$status $(grep -o '"who":"[rq]1"' out |
	tr '\n' ' ')" '0 "who":"r1" "who":"q1" '
check "and as what" has out '"qual":"physician"'
exit $failed
