#!/bin/sh
# planted.sh - faults planted in a decoder (tests/planted.c): each costs the
# one file that sets it off, with the right refusal, while the others go on,
# in a list, in a single file, and in a review.
. "$top_srcdir/tests/start.sh"
planted=$build/tests/suminuri_planted

# FILE COLUMNS CODE: what the faults are, and what each must be called
cat >faults <<'END'
b-crash 401 crashed
d-hang 402 too-slow
f-allocate 403 no-memory
h-open 404 crashed
j-socket 405 crashed
l-exec 406 crashed
n-fork 407 crashed
p-abort 408 crashed
r-overflow 409 crashed
t-lie 410 crashed
END

# wide FILE COLUMNS : plain.jpg that says it has so many columns (T.81 B.2.2)
wide() {
	cp "$samples/plain.jpg" "$1"
	chmod u+w "$1"
	frame=$(LC_ALL=C grep -obUaP '\xff\xc0\x00' "$1" | head -n 1)
	printf "\\$(printf %03o $(($2 / 256)))\\$(printf %03o $(($2 % 256)))" |
		dd of="$1" bs=1 seek=$((${frame%%:*} + 7)) conv=notrunc 2>dd.log
}

mkdir in good o
while read -r name columns code; do
	wide "in/$name.jpg" "$columns"
done <faults
for name in a c e g i k m o q s u; do
	cp "$samples/plain.jpg" "in/$name.jpg"
	cp "$samples/plain.jpg" good
done
faults=$(wc -l <faults)

# ---- a list ----
"$planted" propose in >out 2>err </dev/null
check "propose refuses some" is $? 3
check "a line a file" is "$(wc -l <out)" "$(ls in | wc -l)"
while read -r name columns code; do
	check "$name is refused as $code" is \
		"$(grep "\"in/$name.jpg\"" out |
			sed 's/.*"code":"\([a-z-]*\)".*/\1/')" $code
done <faults
"$build/suminuri" propose in/[acegikmoqsu].jpg >sound 2>err.sound </dev/null
check "the program itself does all the others" is $? 0
grep -v '"refused":{' out >others
check "the others are as without faults" cmp others sound

# ---- a single file ----
while read -r name columns code; do
	"$planted" mask in/$name.jpg o/$name.jpg --box 1,1,9,9 \
		>out 2>err </dev/null
	check "mask refuses $name" is $? 3
	check "mask calls $name $code" has out "\"code\":\"$code\""
	check "mask leaves nothing of $name" is "$(ls -A o)" ""
done <faults

# ---- a review: faults while it is read, shown, and written ----
mkdir review
cp in/[bfhj]-*.jpg in/a.jpg review
cp "$samples/us_banner.dcm" review/c.dcm
cp "$samples/form_ja.png" review/e-shown.png
cp "$samples/film_label.png" review/g-written.png
check "a review of them is not disturbed" \
	"$build/tests/pty/robot" "$planted" . 1 0 project review
"$build/suminuri" log show project >log
check "3 of them are decided" is "$(grep -c item.verdict log)" 3
check "4 of them stopped the reader" is \
	"$(grep -c 'item.open.*refused crashed$' log)" 4
check "1 of them asked for too much" is \
	"$(grep -c 'item.open.*refused no-memory$' log)" 1
"$planted" apply project >out 2>err </dev/null
check "apply ends as with a refused file" is $? 3
check "the fault while writing costs that file" is \
	"$(grep -c '"refused":{"code":"crashed"' out)" 1
check "the others are released" has out \
	'"summary":{"released":2,"blocked":0,"failed":1,"open":0,"refused":5'
check "and stand in out" is \
	"$(find project/out -type f ! -name README.txt | wc -l)" 2
check "nothing half made is left" is "$(ls -A project/private/staged)" ""
"$build/suminuri" apply project >out 2>err </dev/null
check "without the fault that file is released too" has out '"released":1'
exit $failed
