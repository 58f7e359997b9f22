#!/bin/sh
# security.sh - each threat of SECURITY names tests that are there and run, in
# both languages the same; and the auditor's walk of suminuri-log(5) runs as it
# stands there, from an output to who decided it, by sha256sum and a pager.
. "$top_srcdir/tests/start.sh"

# tests_of FILE : "T1 tests/..." lines, sorted
tests_of() {
	awk '/^T[0-9]+ / { threat = $1 }
		threat { for (i = 1; i <= NF; i++)
			if ($i ~ /^tests\//) print threat, $i }
		/^[^ T]/ { threat = "" }' "$1" | sort
}
tests_of "$here/SECURITY" >english
tests_of "$here/SECURITY.ja" >japanese
check "both languages name the same tests" cmp english japanese
n=1
while [ $n -le 12 ]; do
	check "T$n has a test" grep -q "^T$n " english
	n=$((n + 1))
done
cut -d ' ' -f 2 english | sort -u | while read -r name; do
	[ -e "$here/$name" ] || [ -e "$here/$name.c" ] || echo "$name"
done >missing
check "every test that is named is there" none missing
cut -d ' ' -f 2 english | sort -u | while read -r name; do
	grep -qE "^	$name( |\$)" "$here/Makefile.am" || echo "$name"
done >missing
check "and is run" none missing

# ---- the auditor's walk ----
cp "$samples/us_banner.dcm" "$samples/plain.jpg" . || exit 99
check "a review" "$build/tests/pty/robot" "$program" . 4 0 clearing2026 \
	us_banner.dcm plain.jpg
run apply clearing2026
run seal clearing2026
check "its log has two segments" [ -e clearing2026/private/log/00000002.jsonl ]
run key show clearing2026
cp out kept.pub
sed -n '/^\.\\" walk$/,/^\.\\" end of walk$/p' "$here/man/suminuri-log.5" |
	grep -v '^\.' | sed 's/\\e/\\/g; s/\\-/-/g' >walk
check "the page has a walk" [ -s walk ]
mkdir bin && ln -s "$program" bin/suminuri
OUT=$(find clearing2026/out -type f ! -name README.txt | head -n 1)
export OUT
PATH=$work/bin:$PATH sh -eu walk >walked 2>&1
check "its commands run" is $? 0
check "it shows the release" grep -q '"ev":"item.release"' walked
check "it shows who decided" grep -q '"ev":"item.verdict".*"who":' walked
check "it shows what was seen" grep -q '"mode":' walked
check "the chain holds by hand" grep -q '^chain: holds$' walked
check "and the signatures" grep -q '"status":"ok".*"signed"' walked
check "it leads to the original" grep -q '"input":' walked
# a chain that does not hold is seen by hand too: in a segment, at the end
cp -R clearing2026/private/log whole
# changed SEGMENT LINE WHAT : a line of it
changed() {
	rm -r clearing2026/private/log
	cp -R whole clearing2026/private/log
	sed -i "$2"'s/"tool":"suminuri/"tool":"Suminuri/' \
		"clearing2026/private/log/$1.jsonl"
	PATH=$work/bin:$PATH sh -u walk >walked 2>&1
	check "a changed line is seen by hand: $1, $2" grep -q "^chain: $3" \
		walked
}
changed 00000001 3 broken
changed 00000002 1 broken
changed 00000002 '$' 'holds; head names another'
exit $failed
