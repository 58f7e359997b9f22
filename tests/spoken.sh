#!/bin/sh
# spoken.sh - what commands say to a person: on a terminal their JSON lines in
# words too, in a pipe the lines alone; wrong names, boxes and limits by name.
. "$top_srcdir/tests/start.sh"
XDG_CONFIG_HOME=$work/settings
export XDG_CONFIG_HOME

# terminal ARGUMENT... : the program with a terminal as standard output; leaves
# out, err (without what comes from progress bars), status
terminal() {
	words=$program
	for word; do
		words="$words '$word'"
	done
	script -qec "$words 2>err.raw" out </dev/null >/dev/null
	status=$?
	tr '\r' '\n' <err.raw | sed 's/.*\[K//' | grep . >err
}

# ---- names ----
run withdraw 12345678
check "withdraw names the project that is not there" has err \
	"suminuri: suminuri-project: can't open the project folder"
for command in "log check" "log show" "key show" "witness export" \
	"export csv"; do
	run $command nosuch
	check "$command names it" has err "suminuri: nosuch: can't open"
	check "$command: wrong usage" is "$status" 2
done

# ---- a project with one output ----
mkdir in
head -c 32 /dev/zero >key
run mask "$samples/ct_header.dcm" in/a.dcm --box 141,0,179,320 \
	--box 0,46,320,274 --key key
check "the picture" is "$status" 0
check "in a pipe nothing is said" none err
printf 'open\nSpace\nq\n' |
	"$program" review --plain --faces=off -r r1 -o p in >out 2>err
check "it is decided" has out "1 masked"
run withdraw p
check "withdraw of a project asks for the item" has err "ITEM comes first"
check "and that is wrong usage" is "$status" 2
terminal apply p -f off
check "apply prints its lines" has out '{"v":1,"summary":{"released":1,'
check "and says them" has err "suminuri: p: released 1, held back 0, failed 0"
check "where it went" has err "p/out"
# a bar, and who works on what, where somebody watches
bars() {
	script -qec "'$program' $1" raw </dev/null >/dev/null
	tr '\r' '\n' <raw | grep -aEq "$2"
}
check "propose shows a bar" bars "propose in" '^\[-+\]  0/1'
printf 'open\nSpace\nq\n' |
	"$program" review --plain --faces=off -r r1 -o another in >out 2>err
check "apply does" bars "apply another -f off" '^\[-+\]  0/1'
check "verify does" bars "verify p" '^\[-+\]  0/1'
terminal verify p
check "verify prints its lines" has out '"status":"ok"'
check "and says them" has err \
	"suminuri: p: outputs checked: 1 as they must be, 0 wrong"
run verify p
check "verify in a pipe says nothing" none err
output=$(find p/out -name '*.dcm')
terminal trace "$output" p
check "trace prints its line" has out '"output":"released"'
check "and says it" grep -Eq "item [0-9a-f]{8}: masked by r1, 20.*Z, boxes: [0-9]+; released 20.*Z" err
check "no path in it" is "$(grep -c in/a.dcm err)" 0
run trace "$output" p
check "trace in a pipe says nothing" none err
terminal seal -o vault p
check "seal makes the folder" is "$status $(stat -c %a vault)" "0 700"
check "seal prints its line" has out '"bundle":"vault/bundle-'
check "and says it" has err "suminuri: p: made vault/bundle-"
run seal -o no/such/vault p
check "but not a path of folders" is "$status" 2
run seal -o other nosuch
check "nor one for no project" test ! -e other

# ---- beside a review ----
mkfifo hold
"$program" review --plain --faces=off p <hold >held 2>&1 &
holder=$!
exec 3>hold
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	grep -q "^list" held 2>check.log && break
	sleep .2
done
run apply p
check "a review has the project" has err "another suminuri has this project"
run trace "$output" p
check "trace works beside it" is "$status" 0
check "it tells who" has out '"who":"r1"'
check "not the path, and says so" has err "the path of the input is left out"
check "there is none" is "$(grep -c '"input"' out)" 0
for command in "log check" "log show" "log export" "key show" "layout list" \
	"witness export"; do
	run $command p
	check "$command too" is "$status" 0
done
exec 3>&-
wait $holder
run trace "$output" p
check "afterwards it has the path" has out '"input":"'

# ---- boxes ----
run mask "$samples/plain.jpg" b.jpg --box 1,1,9,9 --box 5000,5000,10,10
check "a box outside is refused by its name" has err \
	"--box 2, 5000,5000,10,10, lies outside the picture of "
check "as wrong usage, without a copy" is "$status $(ls b.jpg 2>/dev/null)" "2 "
run mask "$samples/plain.jpg" b.jpg --box -4,-4,12,12
check "a box over the edge is cut" is "$status" 0
check "and that is said" has err "masked is 0,0,8,8"
run mask "$samples/plain.jpg" b.png --box 0,0,8,8
check "a copy with another ending is made" is "$status" 0
check "and that is said" has err "b.png: the copy is a jpeg file"
run mask "$samples/plain.jpg" c.png --box 0,0,8,8 --exact-box
check "not where it is what it is called" none err

# ---- limits ----
(ulimit -n 20; exec "$program" propose "$samples/plain.jpg" >out 2>err)
check "too few descriptors end it" is "$?" 5
check "by their name" has err "propose: only 20 files may be open at once"
check "no file is blamed" none out
(ulimit -S -n 20; exec "$program" propose -f off "$samples/plain.jpg" >out 2>err)
check "a low limit is raised where it may be" is "$?" 0
exit $failed
