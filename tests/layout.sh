#!/bin/sh
# layout.sh - boxes remembered for a device come back on its next picture, in
# this project and, by export and import, in another one.
. "$top_srcdir/tests/start.sh"
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS

mkdir in home1 home2
cp "$samples/us_banner.dcm" in/1.dcm
cp "$samples/us_banner.dcm" in/2.dcm
cp "$samples/plain.jpg" in/3.jpg
cat >remember.keys <<END
terminal 200 60
run review --test-fd=3 --graphics=sextant --reviewer=r1 -o $work/p $work/in
expect 3 items
key \r
expect 1/3
gone SPC wait
lacks layout:
# a mask where nothing is, low on the left
key A
key 1
key \r
expect + added
key P
expect remembered: 7 masks for
key u
expect taken back: these masks are proposed nowhere any more
key >
expect 2/3
gone SPC wait
lacks layout:
key <
expect 1/3
key P
expect remembered: 7 masks for
key P
expect remembered: 7 masks for
key u
expect taken back: the masks remembered before are proposed again
key >
expect 2/3
gone SPC wait
until \` layout:
key >
expect 3/3
expect SPC
lacks layout:
until P names no device
until Q
exit 0
END
check "masks are remembered by a key" "$build/tests/pty/play" "$program" \
	"$work/home1" remember.keys
run layout list p
check "and listed" is "$status $(wc -l <out)" "0 1"
check "with their size" has out " 400x300 "
run layout export p
check "and exported" is "$status $(wc -l <out)" "0 1"
cp out exported
check "nothing that was read is in it" sh -c '! grep -q SATO exported'

mkdir other
cp "$samples/us_banner.dcm" other/9.dcm
run propose --project q --reviewer r2 other
run layout import exported q
check "another project takes them" is "$status $(cat out err)" "0 "
run layout export q
check "as they were" cmp exported out
cat >there.keys <<END
terminal 200 60
run review --test-fd=3 --graphics=sextant --reviewer=r2 -o $work/q $work/other
expect 1 items
key \r
expect REVIEW 1/1
gone SPC wait
until \` layout:
until Q
exit 0
END
check "and proposes them" "$build/tests/pty/play" "$program" "$work/home2" \
	there.keys

echo '{"v":1}' >wrong
run layout import wrong q
check "a line that is no layout" is "$status $(cat out)" "2 "
check "is named" has err "suminuri: wrong: line 1"
run layout import missing q
check "a file that is not there" is "$status" 2
run layout import wrong nowhere
check "a file is looked at first" has err "suminuri: wrong:"
run layout list nowhere
check "no project" is "$status" 2
run layout other p
check "another verb" is "$status $(cat out)" "2 "
run layout list p p
check "too much" is "$status" 2
echo damaged >p/private/layouts.jsonl
run layout list p
check "a damaged file is a failed check" is "$status $(cat out)" "1 "
cat >damaged.keys <<END
terminal 80 24
run review --test-fd=3 --graphics=sextant -o $work/p
exit 1
END
check "and stops a review" "$build/tests/pty/play" "$program" "$work/home1" \
	damaged.keys
exit $failed
