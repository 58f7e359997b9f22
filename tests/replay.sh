#!/bin/sh
# replay.sh - log show --replay: what a reviewer saw, listed and drawn.
. "$top_srcdir/tests/start.sh"
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS

mkdir in home
cp "$samples/ct_header.dcm" in/1.dcm
# one page a Space, and none within 150 ms of the last
{
	cat <<END
terminal 200 60
run review --test-fd=3 --graphics=sextant --faces=off --reviewer=r1 -o $work/p $work/in
expect 1 items
key \r
expect REVIEW 1/1
gone SPC wait
pace 200
END
	printf 'until \\s all items are decided\nuntil Q\nexit 0\n'
} >decide.keys
check "a picture is decided" "$build/tests/pty/play" "$program" "$work/home" \
	decide.keys
item=$(grep -h "item.verdict" p/private/log/*.jsonl | grep -o "\"item\":\"[0-9a-f]*\"" |
	grep -o "[0-9a-f]\{32\}" | head -1)
run log show p --replay="$item"
check "what was seen is listed" is "$status" 0
check "the verdict first" has out "item $item"
check "places, mode and letters" grep -Eq \
	'^[0-9]+  frame 1  [0-9]+,[0-9]+ [0-9]+x[0-9]+  sextant  letters of' out
check "no text of the picture" sh -c '! grep -q TAGAWA out'
check "nothing is drawn into a file" sh -c '! grep -q "$(printf "\033")" out'
# on a terminal each crop is drawn; `script` gives the program one
if command -v script >/dev/null; then
	script -qec "'$program' log show --replay=$item p" /dev/null >drawn \
		</dev/null
	check "a terminal shows the crops" grep -q "$(printf '\033')\[38;5;" drawn
	mv in/1.dcm in/2.dcm
	script -qec "'$program' log show --replay=$item p" /dev/null >drawn \
		</dev/null
	check "an input that is gone is said" has drawn "the input is gone"
	check "and nothing is drawn" sh -c '! grep -q "38;5;" drawn'
	cp "$samples/plain.jpg" in/1.dcm
	script -qec "'$program' log show --replay=$item p" /dev/null >drawn \
		</dev/null
	check "another file in its place too" has drawn "is another file now"
fi
run log show p --replay=00000000
check "an item nobody knows is wrong usage" is "$status" 2
run log check p --replay="$item"
check "and so is --replay with check" is "$status" 2
run log check p
check "the log still holds" is "$status" 0
exit $failed
