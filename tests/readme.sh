#!/bin/sh
# readme.sh - the screens of README and README.ja are what the program shows.
# No face models are looked for here, which the title says, and how long the
# tour is that is needed then; theirs do not.
. "$top_srcdir/tests/start.sh"
SAMPLES=$here/samples SCREENS=$work
export SAMPLES SCREENS

# shown FILE LANGUAGE ITEMS SPACE FACES MORE : the first page of evidence stands
# in FILE, where FACES is blank; MORE are the blanks that its wide letters take
# beside one each
shown() {
	sed -n '/^ [^ ]* 1\/1  US 400x300/,/^ SPC /p' "$here/$1" >block
	[ "$(wc -l <block)" -eq 23 ] || { wc -l block; return 1; }
	cat >page.keys <<END
terminal 80 24
run review --test-fd=3 --test-seed=1 --graphics=sextant --faces=off --reviewer=r1 -o project-$2 \$S/pictures/us_banner.dcm
expect $3
key \\s
expect $4
golden page.txt
until Q
exit 0
END
	blank=$(printf '%s' "$5" | sed 's/./ /g')$6
	sed -e "1s/$blank  sextant/$5  sextant/" -e 's/  v tour$/&, 30 p./' \
		block >page.txt
	echo >>page.txt
	LANGUAGE=$2 "$build/tests/pty/play" "$program" . page.keys
}
check "the screen of README" shown README en '1 items' 'SPC next page (1' \
	'faces NOT checked' ''
check "the screen of README.ja" shown README.ja ja '1 件' 'SPC 次のページ (1' \
	'顔は未検査' '     '
exit $failed
