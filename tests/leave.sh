#!/bin/sh
# leave.sh - a copy on which a second reader found something is not handed out:
# a bundle that leaves is refused until the item is decided anew, one that
# stays, export and verify say it; so is a round that is not read to its end.
. "$top_srcdir/tests/start.sh"
. "$here/tests/readers.sh"

reading="run qa review --test-fd=3 --test-seed=1 --graphics=sextant"
egress="--recipient=joint-use --basis=IRB-2026-14"
line='item 1: something was left on its output; it is released'
# bundles may not be written to
empty_gate() {
	chmod -R u+w gate && rm -r gate/egress*
}

mkdir in home gate vault
cp "$samples/plain.jpg" in/1.jpg
play decide "a picture is decided" <<END
terminal 120 40
$review -o $work/p $work/in
expect 1 items
key \s
$seen
key Z
expect clean 1
until Q
exit 0
END
run apply p
check "and released" is "$status $(find p/out -name '*.jpg' | wc -l)" "0 1"
run seal -o gate $egress p
check "it leaves, and nothing is said" is "$status $(wc -c <err)" "0 0"
empty_gate

run qa plan --reviewer=q1 p
check "a round is drawn" is $status 0
run seal -o gate $egress p
check "a round that is not read is said" has err \
	'QA round 1 is not finished: 1 of 1 copies are not read yet'
check "and no more than that" is "$status $(ls gate | wc -l)" "0 1"
empty_gate
run qa plan --reviewer=q1 p
check "no other is drawn in its place" is "$status" 2
check "and it is said why" has err \
	'QA round 1 is not finished (1 of 1 are not read yet)'

play left "something is found on it" <<END
terminal 120 40
$reading $work/p
expect masked copies
key \s
expect QA RESIDUAL
$seen
key A
key 1
key \r
until \s that was all: Q leaves
key Q
exit 0
END
run qa report p
check "the report names it" is "$status" 1
check "as released" has out "$line"
check "how long a copy was read" grep -Eqx \
	'Reading time: median [0-9.]+ s a copy, the fastest [0-9.]+ s.' out
check "that keys came too quickly" has out \
	'Quick: 1 of 1 copies were read in less than 1 s for each evidence'
run qa report --json p
check "in numbers too" grep -Eq \
	'"times":\{"median_ms":[1-9][0-9]*,"fastest_ms":[1-9][0-9]*,"quick":1,' out
run seal -o gate $egress p
check "it does not leave" is "$status $(ls gate | wc -l)" "1 0"
check "its item is named" has err "$line"
check "and what to do" has err 'decide these items anew'
run seal -o vault p
check "a bundle that stays is made" is "$status $(ls vault | wc -l)" "0 1"
check "with a word" has err '1 findings of a second reader'
check "for that item" has err "$line"
for what in "export json" "export csv" "verify" "log export --format=fhir"; do
	run $what p
	check "$what says it" has err "$line"
	check "$what goes on" is $status 0
	check "$what says it nowhere else" sh -c '! grep -q "was left" out'
done
# a round that is drawn later does not make it unsaid
run qa plan p
run qa plan --rate=2 p
check "a round by another rule gives one up" is "$status" 0
check "in one line" has err "p: QA round 2 was not finished: 1 of 1 are not \
read; 'suminuri qa review --round=2' goes on"
check "to standard error" is "$(wc -l <err)" 1
run qa report p
check "the report tells of it" has out \
	'QA round 2 was not finished when the next was drawn: 1 of 1 were'
run qa report --json p
check "in numbers too" has out \
	'"unfinished":[{"round":2,"items":1,"unread":1}]'
run qa report --json --round=2 p
check "and it can be read" has out '"round":2'
run qa report --round=4 p
check "one that is not there is none" is "$status" 2
run qa report p
check "another round keeps it" is "$status" 1
check "by name" has out "$line"
run seal -o gate $egress p
check "and it does still not leave" is "$status $(ls gate | wc -l)" "1 0"

play anew "the item is decided anew" <<END
terminal 120 40
$review $work/p
expect 1 items
key \r
expect masks
key u
expect reason
key 9
$seen
until \s masked 1
key Q
exit 0
END
run apply p
check "and released again" is "$status $(find p/out -name '*.jpg' | wc -l)" \
	"0 1"
run seal -o gate $egress p
check "then it leaves" is "$status $(ls gate | wc -l)" "0 1"
check "nothing is left to say of it" sh -c '! grep -q "item 1" err'
exit $failed
