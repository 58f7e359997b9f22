#!/bin/sh
# mask.sh - what `suminuri mask` and `verify IN OUT` write, print, say and
# return.
. "$top_srcdir/tests/start.sh"

absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
# nothing but the inputs is left in the folder
clean() { is "$(ls -A o)" ""; }

cp "$samples/us_banner.dcm" dicom
cp "$samples/film_label.png" png
cp "$samples/plain.jpg" jpeg
sha256sum dicom png jpeg >sums
head -c 32 /dev/zero >key
mkdir o

for kind in dicom png jpeg; do
	run mask $kind o/$kind --box 8,9,30,11 --box=100,40,9,9@1
	check "$kind is masked" is $status 0
	check "$kind: nothing is said" is "$(cat err)" ""
	check "$kind: one line" is "$(wc -l <out)" 1
	check "$kind: hash of the input" has out \
		"\"in_sha256\":\"$(sed -n "s/  $kind\$//p" sums)\""
	check "$kind: hash of the output" has out \
		"\"out_sha256\":\"$(sha256sum <o/$kind | cut -c1-64)\""
	check "$kind: a box as given" has out \
		'"frame":0,"frames":[0,0],"x":100,"y":40,"w":9,"h":9,"grown":['
	check "$kind: members in order" is "$(grep -oE \
		'"(v|in_sha256|out_sha256|syntax_in|syntax_out|method|outside|residue|fill|boxes|frames_touched|dropped|tags|warnings)":' out |
		tr -d '":\n' )" "vin_sha256out_sha256syntax_insyntax_outmethod\
outsideresiduefillboxesframes_toucheddroppedtagswarnings"
	echo '{"v":1,"boxes":[{"x":8,"y":9,"w":30,"h":11},{"x":100,"y":40,"w":9,"h":9}]}' >boxes
	run verify $kind o/$kind --boxes boxes
	check "$kind verifies" is $status 0
	check "$kind: what verify prints" is "$(cat out)" \
"{\"v\":1,\"file\":\"o/$kind\",\"status\":\"ok\"}
{\"v\":1,\"summary\":{\"ok\":1,\"failed\":0,\"unchecked\":0,\"open\":0,\"refused\":0,\"withheld\":0}}"
	run verify $kind $kind --boxes boxes
	check "$kind itself does not verify" is $status 1
	check "$kind: it says so" has out '"status":"failed","class":"'
	rm o/$kind
done

# ---- wrong usage: 2, nothing written ----
for box in 1,2,3 1,2,3,0 1,2,0,4 1,2,3,4@0 1,2,3,4@2-1 a,2,3,4 1,2,3,4x \
	' 1,2,3,4' 1,2,3,4@ 1,2,3,4@1- 1,2,3,4,5 99999999999,1,2,3 +1,2,3,4 \
	1,,3,4 '' 1,2,3,4@1-2-3 100000,0,5,5 0,5000,5,5 -5,0,5,5 1,2,3,4@9; do
	run mask png o/png --box="$box"
	check "box '$box' is wrong usage" is $status 2
	check "box '$box': nothing is written" clean
done
run mask png o/png
check "no box" is $status 2
run mask png o/png --clean --box 1,2,3,4
check "two kinds of boxes" is $status 2
run mask png o/png --clean --tags nonsense
check "an unknown profile" is $status 2
run mask png
check "no output" is $status 2
run mask png png --clean
check "the input as output" is $status 2
ln png link
run mask png link --clean
check "the input by another name" is $status 2
printf x >short
run mask png o/png --clean --key short
check "a short key" is $status 2
echo '{"v":1,"boxes":[]}' >none
run mask png o/png --boxes none
check "a line without boxes" is $status 2
run mask png o/png --boxes absent
check "no file of boxes" is $status 2
run verify png o/png
check "verify without boxes" is $status 2
check "nothing was written" clean

# ---- outputs that are there, or can't be: 4 ----
echo keep >o/there
run mask png o/there --clean
check "an output that is there" is $status 4
check "it is refused as exists" has out '{"v":1,"refused":{"code":"exists"'
check "it stays as it was" is "$(cat o/there)" keep
rm o/there
ln -s nowhere o/dangling
run mask png o/dangling --clean
check "a link to nothing is there too" is $status 4
rm o/dangling
run mask png absent/png --clean
check "no such folder" is $status 4
"$program" mask png o/unheard --clean >/dev/full 2>err </dev/null
check "nowhere to write the line" is $? 4
check "it names the standard output" grep -q "^suminuri: standard output: " err
rm -f o/unheard
# a full disk: the system's limit on the size of files, in KiB or 512 bytes
(ulimit -f 1; "$program" mask png o/png --clean >out 2>err </dev/null
	echo $? >status)
check "a full disk" is "$(cat status)" 4
check "a full disk leaves nothing" clean

# ---- refused: 3, with the reason and without an output ----
head -c 3000 png >cut
head -c 3000 dicom >cut.dcm
echo hello >text
for kind in cut:truncated cut.dcm:truncated text:not-image \
	absent:unreadable o:special-file; do
	run mask "${kind%:*}" o/x --clean
	check "$kind" is $status 3
	check "$kind: its line" is \
		"$(sed 's/,"reason":".*//' out)" \
		"{\"v\":1,\"refused\":{\"code\":\"${kind#*:}\""
	check "$kind: who and why" is "$(sed 's/: .*//;q' err)" suminuri
	check "$kind: nothing is written" clean
done

# ---- boxes of propose ----
"$program" propose png jpeg >lines 2>err
run mask png o/png --boxes lines
check "the line of this file is used" is $status 0
rm -f o/png
run mask dicom o/dicom --boxes lines
check "boxes of others are refused" is $status 3
check "they are refused as changed" has out '"code":"changed"'
check "others: nothing is written" clean

# ---- keys and profiles ----
run mask dicom o/1 --clean --key key
run mask dicom o/2 --clean --key key
check "a key makes it repeatable" cmp o/1 o/2
run mask dicom o/3 --clean
run mask dicom o/4 --clean
check "without one every run differs" sh -c '! cmp -s o/3 o/4'
run mask dicom o/5 --clean --tags keep
check "the profile keep" has out '"tags":"keep"'
run verify dicom o/5 --boxes none --tags keep
check "keep verifies as keep" is $status 0
run verify dicom o/5 --boxes none
check "keep does not verify as mhlw" is $status 1
rm o/*

# ---- exact boxes: JPEG becomes PNG, others stay what they are ----
echo '{"v":1,"boxes":[{"x":9,"y":11,"w":30,"h":13}]}' >boxes
run mask jpeg o/jpeg --box 9,11,30,13
check "a box of a JPEG grows" has out '"grown":[8,8,'
run mask jpeg o/exact --box 9,11,30,13 --exact-box
check "an exact box" is $status 0
check "an exact box does not grow" has out \
	'"x":9,"y":11,"w":30,"h":13,"grown":[9,11,30,13],"rim":0}'
check "the copy is a PNG" is "$(head -c 8 o/exact | od -An -tx1 | tr -d ' ')" \
	89504e470d0a1a0a
check "what was done is said" has out \
	'"syntax_in":"jpeg","syntax_out":"png","method":"reencode","outside":"decoded","residue":"none"'
run verify jpeg o/exact --boxes boxes
check "the pair verifies" is $status 0
run verify jpeg o/jpeg --boxes boxes
check "so does the grown one" is $status 0
run verify o/jpeg o/exact --boxes boxes
check "the PNG is no copy of the masked JPEG" is $status 1
echo '{"v":1,"boxes":[{"x":8,"y":11,"w":30,"h":13}]}' >boxes
run verify jpeg o/exact --boxes boxes
check "a box beside it does not verify" is $status 1
for kind in png dicom; do
	run mask $kind o/$kind.1 --box 8,9,30,11 --exact-box --key key
	run mask $kind o/$kind.2 --box 8,9,30,11 --key key
	check "$kind: the option changes nothing" cmp o/$kind.1 o/$kind.2
done
rm o/*
run mask png o/png --clean --timings
check "timings" sh -c "grep -qE ',\"ms\":\{\"read\":[0-9]+,\"write\":[0-9]+,\"verify\":[0-9]+\}\}\$' out"

check "the inputs are what they were" sha256sum -c sums
exit $failed
