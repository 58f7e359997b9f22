#!/bin/sh
# seal.sh - a sealed bundle and its restore drill on an empty place, with only
# the public key and one witness line; every way to change the bundle is
# named; witness, key and log check as commands; nothing planted in any of it.
. "$top_srcdir/tests/start.sh"
robot=$build/tests/pty/robot

cp "$samples/us_banner.dcm" "$samples/plain.jpg" . || exit 99
check "a review" "$robot" "$program" . 4 0 P us_banner.dcm plain.jpg
run apply P
check "its outputs are released" \
	test "$(find P/out -type f ! -name README.txt | wc -l)" -ge 1
run log check P
check "the log is signed to its end" sh -c \
	'[ "$(sed "s/.*records\":\([0-9]*\),\"signed\":\([0-9]*\).*/\1 \2/" out |
		xargs -n 1 | sort -u | wc -l)" -eq 1 ]'

# ---- sealed ----
mkdir vault
run seal -o vault P
check "seal ends 0" is $status 0
bundle=vault/$(ls vault)
cp out sealed
check "one bundle, of today" test -d vault/bundle-*-001
check "seal says where" has sealed "\"bundle\":\"$bundle\""
(cd "$bundle" && sha256sum -c --strict SHA256SUMS) >sums 2>&1
check "sha256sum -c checks it" is $? 0
check "every file is in SHA256SUMS" is \
	"$(grep -c ': OK$' sums)" "$(($(find "$bundle" -type f | wc -l) - 1))"
check "every output is in it" is \
	"$(find "$bundle/out" -type f | wc -l)" \
	"$(find P/out -type f ! -name README.txt | wc -l)"
check "nobody may write to it" none \
	"$(find "$bundle" -perm /222 >writable; echo writable)"
check "no secret is in it" sh -c \
	"[ -z \"\$(find $bundle -name '*.key' -o -name master)\" ]"
check "no path and no worklist" sh -c \
	"! grep -rqF -e '$work' -e us_banner -e plain.jpg $bundle"
run seal -o vault P
check "a second one" test -d vault/bundle-*-002
run log show P
check "the log tells of both" is "$(grep -c ' seal .*done.*bundle 2' out)" 2
check "a new segment a bundle" test -e P/private/log/00000003.jsonl

# ---- the drill: an empty place, a public key, a line ----
run key show P
cp out kept.pub
run witness export --line P
cp out kept.line
second=vault/$(ls vault | tail -n 1)
mkdir elsewhere && cp -a "$second" elsewhere/copy && mv P hidden
check "the line is one of 80 characters at most" sh -c \
	'[ "$(wc -l <kept.line)" -eq 1 ] && [ "$(wc -c <kept.line)" -le 80 ]'
cd elsewhere || exit 99
run restore --check copy --key ../kept.pub --report report -W drill -n ward-7
check "the drill ends 0" is $status 0
check "and says so" has out '"status":"ok"'
check "its report is signed" has report '— ward-7 '
check "its report tells the counts" has report 'restore-check ok'
cp report drill/witness.pub ..
run restore --check copy --key ../kept.pub --witness ../kept.line
# the line is younger than the bundle: it was made after the last record
check "a bundle older than the witness is a rollback" \
	has out '"class":"rollback"'
check "and ends 1" is $status 1
cd .. && mv hidden P || exit 99
# the same, noted in the project; of a bundle of another project nothing is
run restore --check "$second" --project P --key kept.pub
check "a drill is noted in the project" is $status 0
run log show P
check "with what came of it" is \
	"$(grep -c 'restore.check .*outputs .*ok' out)" 1
mkdir strange other-in && cp "$samples/plain.jpg" other-in/z.jpg
run propose --project strange/P --reviewer r9 other-in
run restore --check "$second" --project strange/P
check "another project takes it not" is $status 2
run log check --witness report --key witness.pub P
check "the report holds as a witness for the log" is $status 0
run seal -o vault P
third=vault/$(ls vault | tail -n 1)
check "seal prints the line to keep" has out '"witness":"suminuri/'
sed 's/.*"witness":"\([^"]*\)".*/\1/' out >kept.line
# a line from the bundle's own last record
run restore --check "$third" --key kept.pub
check "the third bundle holds" is $status 0

# on the root of a machine that has nothing but this program and what it is
# linked with: the bundle, the public key and the line that seal printed
cat >machine <<'END'
set -e
mkdir root && mount -t tmpfs none root && cd root
mkdir usr dev etc media
mount --bind /usr usr
for name in bin lib lib32 lib64 libx32 sbin; do
	if [ -L /$name ]; then
		ln -s "$(readlink /$name)" $name
	elif [ -d /$name ]; then
		mkdir $name && mount --bind /$name $name
	fi
done
mkdir etc/alternatives && mount --bind /etc/alternatives etc/alternatives
touch dev/null && mount --bind /dev/null dev/null
cp -a "../$2" media/copy
cp ../kept.pub ../kept.line media
cp "$1" media/suminuri
exec unshare -n chroot . /bin/sh -c 'cd /media && ./suminuri restore --check \
	copy --key kept.pub --witness kept.line --report report -W w -n ward-7'
END
if unshare -rm sh -c 'mount -t tmpfs none .' 2>err; then
	unshare -rm sh machine "$program" "$third" >out 2>err
	check "the drill on an empty root ends 0" is $? 0
	check "with all of it" has out '"status":"ok"'
	# another root of the same size
	sed -i 's/ \([0-9]*\) [^B]/ \1 B/; t; s/ \([0-9]*\) B/ \1 C/' kept.line
	rmdir root 2>/dev/null
	unshare -rm sh machine "$program" "$third" >out 2>err
	check "and with a line of another log not" is $? 1
	check "which is a fork" has out '"class":"fork"'
else
	echo "skip root: no mount can be made here"
fi

# ---- changed ----
# spoil WHAT CLASS COMMAND : of a copy, in it
spoil() {
	rm -rf broken
	cp -a "$third" broken && chmod -R u+w broken
	(cd broken && sh -c "$3")
	run restore --check broken --key kept.pub
	check "$1: ends 1" is $status 1
	check "$1: $2" has out "$2"
}
# what an intruder does who can write but not sign
resum='sed "/SHA256SUMS\|MANIFEST/d" SHA256SUMS | cut -c 67- >l; rm SHA256SUMS
	xargs -d "\n" sha256sum <l >s; rm l; sha256sum MANIFEST.jsonl >>s
	mv s SHA256SUMS'
flip='printf x | dd of="$f" bs=1 seek=20 conv=notrunc 2>/dev/null'
spoil "an output changed" '"changed":1' "f=\$(find out -type f | head -n 1)
	$flip"
spoil "an output and the sums" '"extra":1' "f=\$(find out -type f |
	head -n 1); $flip; $resum"
spoil "an output removed" '"missing":1' 'rm "$(find out -type f |
	head -n 1)"'
spoil "a file added" '"extra":1' 'echo x >out/x'
spoil "boxes changed" '"class":"content"' "f=\$(find masks -type f |
	head -n 1); $flip; $resum"
spoil "a record changed" '"class":"edit"' \
	"f=log/00000001.jsonl; $flip; $resum"
spoil "the last segment cut off" '"class":"truncated"' \
	"rm log/00000003.jsonl; sed -i /00000003/d SHA256SUMS; $resum"
spoil "the checkpoints removed" '"class":"badsig"' \
	"rm log/checkpoint*; sed -i /checkpoint/d SHA256SUMS; $resum"
spoil "the manifest changed" '"changed":1' 'echo x >>MANIFEST.jsonl'
rm -rf broken && cp -a "$third" broken && chmod -R u+w broken
echo x >broken/SHA256SUMS
run restore --check broken
check "no sums: ends 1" is $status 1
run restore broken
check "restore without --check is wrong usage" is $status 2

# ---- what leaves: to whom, on what basis ----
mkdir gate
for wrong in "--recipient=joint-use" "--basis=IRB-2026-14" \
	"--recipient=anybody --basis=IRB-2026-14" \
	"--recipient=joint-use --basis=two,words"; do
	run seal -o gate $wrong P
	check "not with $wrong" is "$status $(ls gate | wc -l)" "2 0"
done
run seal -o gate --recipient=joint-use --basis=IRB-2026-14 strange/P
check "nothing leaves where nothing is released" is \
	"$status $(ls gate | wc -l)" "2 0"
run seal -o gate --recipient=joint-use --basis=IRB-2026-14 P
check "what is stated leaves" is $status 0
check "it is said" has out '"recipient":"joint-use","basis":"IRB-2026-14"'
gate=gate/$(ls gate)
check "under a name of its own" test -d gate/egress-*-001
(cd "$gate" && sha256sum -c --strict SHA256SUMS) >sums 2>&1
check "sha256sum -c checks it too" is $? 0
check "every file is in its sums" is \
	"$(grep -c ': OK$' sums)" "$(($(find "$gate" -type f | wc -l) - 1))"
check "no boxes, no log, no policy, no key are in it" is \
	"$(cd "$gate" && ls | tr '\n' ' ')" \
	"MANIFEST.jsonl README.txt SHA256SUMS log.jsonl log.pub out statement "
check "it has the released outputs" is \
	"$(cd "$gate/out" && find . -type f -exec sha256sum {} + | sort)" \
	"$(cd P/out && find . -type f ! -name README.txt -exec sha256sum {} + |
		sort)"
items=$(grep -o '"item":"[0-9a-f]*"' P/private/log/0*.jsonl | cut -d'"' -f4 |
	sort -u)
check "no id, machine or reviewer of the log is in it" sh -c \
	"! grep -rqF -e \"$items\" -e '\"who\":\"r' -e '\"host\"' $gate/log.jsonl"
run log check --key "$gate/log.pub" "$gate/log.jsonl"
check "who gets it checks its log with its key" is $status 0
for hash in $(find "$gate/out" -type f -exec sha256sum {} + | cut -c 1-64); do
	check "and finds the output there" grep -q "$hash" "$gate/log.jsonl"
done
check "the statement is signed" has "$gate/statement" \
	'recipient joint-use basis IRB-2026-14'
run log check --key kept.pub --witness "$gate/statement" P
check "and holds for the log" is $status 0
run log show P
check "the log keeps it" is "$(grep -c \
	' egress .*done.*to joint-use, basis IRB-2026-14' out)" 1

# ---- a project that is not as it must be is not sealed ----
cp -a P Q
echo x >>"$(find Q/out -type f ! -name README.txt | head -n 1)"
mkdir other
run seal -o other Q
check "changed outputs are not sealed" is $status 1
run seal -o other --recipient=joint-use --basis=IRB-2026-14 Q
check "nor do they leave" is $status 1
check "nothing has the name of a bundle" sh -c \
	'[ -z "$(ls other | grep -v unfinished)" ]'
run seal -o no/folder P
check "no folder for the folder: wrong usage" is $status 2

# ---- witness: as a command, over pipes ----
"$program" witness export P |
	"$program" witness cosign -W w -n ward-8 -k kept.pub - >note 2>err
check "a witness signs" has note '— ward-8 '
run log check --key w/witness.pub --witness note P
check "its key alone is enough for that" is $status 0
run log check --key kept.pub --witness note2 P
check "a file that is not there is wrong usage" is $status 2
cat kept.pub w/witness.pub >both.pub
run log check --key both.pub --witness note P
check "with both keys it holds" is $status 0
cp -a P old
run seal -o vault P
run witness export --since "$(sed -n 2p note)" P
"$program" witness cosign -W w out >note2 2>err
check "it signs that the log grew" has note2 '— ward-8 '
run log check --key both.pub --witness note2 old
check "an older copy is a rollback" has out '"class":"rollback"'
exit $failed
