#!/bin/sh
# second.sh - with `second = technologist` an output waits: apply makes it and
# keeps it, a second reader of that training reads the copy, then it leaves;
# what he does not agree to goes back to review.
. "$top_srcdir/tests/start.sh"
. "$here/tests/readers.sh"

first_decides
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
lacks W release  
expect W release agreed
key \r
expect 1+ added
key u
$seen
until \s masked 1
expect now a second reader
key W
expect waits for a second reader
key Q
exit 0
END
second_agrees "$seen" --reviewer=q1
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

# what leaves names both, by keyed names
run log export --format=json p
grep '"ev":"item.verdict"' out | grep -o '"who":"[0-9a-f]*"' | tail -n 1 >one
grep '"mode":"second"' out | tail -n 1 >word
grep -o '"who":"[0-9a-f]*"' word >two
check "log export tells of both" is "$(cat one two | sort -u | wc -l)" 2
check "and of his word and training" \
	grep -q '"qual":"physician".*"verdict":"clean"' word
run log export --format=csv p
check "CSV too" grep -q "qa.verdict.*,second,.*,physician,.*,clean,$(sed \
	's/.*:"//; s/"//' two)" out
run log export --format=fhir p
grep '"resourceType":"Provenance"' out >provenance
check "FHIR has one Provenance" is "$(wc -l <provenance)" 1
for role in reviewer:one second-reader:two; do
	check "it names the ${role%:*}" grep -qF "\"verifier\"}]},\"role\":[{\
\"coding\":[{\"system\":\"urn:suminuri:role\",\"code\":\"${role%:*}\"}]}],\
\"who\":{\"identifier\":{\"system\":\"urn:suminuri:reviewer\",\
\"value\"$(sed 's/.*"who"//' "${role#*:}")" provenance
done
check "and each word has an AuditEvent" is \
	"$(grep -c '"code":"qa.verdict"' out)" 2
grep -hoE '"(r1|q1)"' out provenance >codes
check "no reviewer's code is in it" none codes

# of two outputs one can't be made: W does not say that all is out
mkdir in2
cp "$samples/plain.jpg" in2/1.jpg
cp "$samples/plain.jpg" in2/2.jpg
play two "two are decided" <<END
terminal 120 40
$review -o $work/p2 $work/in2
expect 2 items
key \s
$seen
key Z
$seen
key Z
expect clean 2
key Q
exit 0
END
echo damaged >>"$(ls -d p2/private/masks/* | head -n 1)"
play some "W says which one is not out, then that all others are" <<END
terminal 120 40
$review $work/p2
expect clean 2
key W
expect item 2 could not be written
expect +1
key j
expect out, but for 1 that wait or could not be written
lacks +1
key Q
exit 0
END
run apply p2
check "apply tells why" has err 'a file of boxes was changed'
exit $failed
