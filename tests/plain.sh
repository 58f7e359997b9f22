#!/bin/sh
# plain.sh - review --plain: what is told in lines, what counts, and what does
# not.
. "$top_srcdir/tests/start.sh"
XDG_CONFIG_HOME=$work/settings
export XDG_CONFIG_HOME
mkdir in

# a.dcm: all that is left was read.  b.dcm: some was not.
head -c 32 /dev/zero >key
run mask "$samples/ct_header.dcm" in/a.dcm --box 141,0,179,320 \
	--box 0,46,320,274 --key key
check "a picture of two lines" is "$status" 0
cp "$samples/ct_header.dcm" in/b.dcm

# plain LINES [ARGUMENT...] : a review; leaves out, err, status
plain() {
	printf "$1" >lines
	shift
	"$program" review --plain --faces=off -o p "$@" <lines >out 2>err
	status=$?
}
# count TEXT FILE N : lines with a text
count() { is "$(grep -c -- "$1" "$2")" "$3"; }
# verdicts N : in the log
verdicts() {
	is "$(cat p/private/log/*.jsonl | grep -c '"item.verdict"')" "$1"
}

plain '' in
check "somebody has to be named" is "$status" 2
# ---- what is told ----
plain 'open\n' -r r1 in
check "the end of input ends it" is "$status" 0
check "the list" has out "list 2 open 2"
check "the item" has out 'item 1 of 2 open CT 320 320 frames 1 name "a.dcm"'
n='[0-9]+'
check "a line a box" grep -Eqx \
	"[12] proposed [a-z]+ \".+\" $n $n $n $n score $n why [a-z:]+" out
check "both of them" is "$(grep -c '^[0-9]* proposed ' out)" 2
check "all lines before what Space does" is \
	"$(grep -nx 'space approve' out | head -1 | cut -d : -f 1)" 7
check "nothing steers a terminal" sh -c '! grep -q "$(printf "\033")" out'
check "the counts at the end" is "$(tail -1 out)" \
	"2 open, 0 refused, 0 withheld, 0 escalated, 0 blocked"
check "nothing was decided" verdicts 0

# ---- what does not count ----
plain 'open\napprove'
check "a line that was not ended" verdicts 0
printf 'open\napprove\n' >lines
"$program" review --plain --faces=off -o p <lines >/dev/full 2>err
check "lines that can't be written" is "$?" 4
check "are no ground for a verdict" verdicts 0
plain 'open\n>\nSpace\nselect 3\nx 1\nSpace\nv\nclean\nhint\nnonsense\n'
check "an item that words can't tell says so" has out "space needs-screen"
check "and which boxes" grep -q 'kind unreadable needs-screen$' out
check "Space refuses it" has out "message this item can't be told in words"
check "what needs the screen is refused" is \
	"$(grep -c '^message this needs the screen' out)" 3
check "a word that is no command" count "no such command" out 1
check "none of this decides" verdicts 0

# ---- what counts ----
plain 'open\nselect 1\nx 1\nSpace\nu\nSpace\nR 2\nu\n'
check "a mask taken off needs the screen" grep -q \
	'^1 rejected .* needs-screen$' out
check "taken back, then approved; withheld, then taken back" verdicts 2
check "the first stays" has out "1 open, 0 refused, 0 withheld, 0 escalated"
check "what is decided and not out is told" has out \
	'1 decided output is not released yet'
check "and what releases it" has out "'suminuri apply p' releases"
check "the log tells of the words" grep -q '"mode":"plain"' p/private/masks/*
check "no other mode" sh -c '! grep -h "\"mode\"" p/private/masks/* |
	grep -vE "\"mode\":\"(plain|head-flag)\""'
plain 'help\nquit\nnonsense\n'
check "help tells the commands" grep -q '^help open ' out
check "quit is the last line" count nonsense out 0
plain 'open\nR\n2\n'
check "a question is answered by a line" has out "choice 8 ask a physician"
check "of what is said of masks nothing is offered" \
	count "choice [12356] " out 0
check "withheld" has out "0 open, 0 refused, 1 withheld"
plain 'list-first\nopen\n'
check "the verdict stands" has out "item 1 of 2 masked"
plain 'W\nquit\n'
check "where it is stands at the end" has out "1 released, in p/out"
check "what was decided is written before it ends" \
	is "$(find p/out -name '*.dcm' | wc -l)" 1
run verify p
check "the copy is right" is "$status" 0
run log check p
check "the log holds" is "$status" 0
plain 'item\nopen\nu\n! 8\n'
check "an item is escalated" has out "0 open, 0 refused, 0 withheld, 1 escalated"
for command in apply verify; do
	run $command p
	check "$command counts it" has out \
		'"open":1,"refused":0,"withheld":0,"escalated":1}'
done
# ---- a share that was away ----
mkdir share
head -c 2000 "$samples/ct_header.dcm" >cut.dcm
printf '%s\n' share/c.dcm cut.dcm >files
# again [ARGUMENT...] : the review of project s
again() {
	printf 'open\n' >lines
	"$program" review --plain --faces=off "$@" <lines >out 2>err
}
# events N M : it was refused N times, and M times open again
events() {
	is "$(cat s/private/log/*.jsonl | grep -c '"refused":"unreadable"') \
$(cat s/private/log/*.jsonl | grep -c '"item.reopen"')" "$1 $2"
}
again -o s -r r1 @files
check "it is refused" has out "1 open, 1 refused"
again s
check "while it is away it stays so" has out "0 open, 2 refused"
check "which is not told twice" events 1 0
cp in/a.dcm share/c.dcm
again s
check "then it can be read" has out 'item 1 of 2 open CT 320 320'
check "another refusal stands" has out "1 open, 1 refused"
check "the log tells" events 1 1
again s
check "once" events 1 1
run log check s
check "and holds" is "$status" 0
rm share/c.dcm
again -o s2 -r r1 @files
cp in/a.dcm share/c.dcm
run propose --faces=off --project s2 @files
check "propose reads it too" grep -q '"item.reopen"' s2/private/log/*.jsonl
again s2
check "and it is open" has out "1 open, 1 refused"
# ---- a file that is another one than was opened ----
mkdir was
cp in/a.dcm was/1.dcm
cp in/a.dcm was/2.dcm
# was LINES [ARGUMENT...] : the review of project c
was() {
	printf "$1" >lines
	shift
	"$program" review --plain --faces=off -o c "$@" <lines >out 2>err
}
was 'open\nSpace\n' -r r1 was
check "one is decided, one is opened" has out "1 open, 0 refused"
cp in/b.dcm was/1.dcm
cp in/b.dcm was/2.dcm
was 'open\n<\n>\nSpace\n<\nu\nSpace\n'
check "it is said of both, each time" count '^space changed$' out 5
check "and that is why nothing is approved" count 'the file has changed' out 2
check "one verdict was given, and taken back" is \
	"$(grep -h '"item\.' c/private/log/*.jsonl |
	grep -oE 'item\.(verdict|reopen)' | tr '\n' ' ')" \
	"item.verdict item.reopen "
check "no text read in it" sh -c '! grep -qE "一太|TAGAWA" p/private/log/*'
exit $failed
