#!/bin/sh
# canary.sh - planted names, numbers, file names and reasons stand in no byte
# that the program writes, but for the columns of the worklist that are for
# them; and the control: with redaction off the same search finds each kind.
set -u
build=$(cd "$top_builddir" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/leak-XXXXXX") || exit 99
# a sealed bundle has folders that nobody may write to
trap 'chmod -R u+rwX "$work"; [ ! -S "$work/socket" ] ||
      tmux -S "$work/socket" kill-server 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 99
unset NO_COLOR COLORTERM LANGUAGE XDG_CONFIG_HOME XDG_STATE_HOME \
	XDG_CACHE_HOME XDG_DATA_HOME
LC_ALL=C.UTF-8 SAMPLES=$work SCREENS=$work
export LC_ALL SAMPLES SCREENS
failed=0

# result WHAT STATUS
result() {
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1
	fi
}

# check WHAT COMMAND...
check() {
	what=$1
	shift
	"$@"
	result "$what" $?
}

# In capitals: made up.  burned stands in pixels and comments alone.
cat >words <<'END'
latin QUILZXON
latin VARNBEK
kanji 氏川院
kanji 田太男
kana ヌリゾペ
kana グバヂモ
kana ﾇﾘｿﾞﾍﾟ
kana ｸﾞﾊﾞﾁﾞﾓ
id 7083914265
birth 19370831
birth 1937-08-31
birth 1937/08/31
birth 1937.08.31
accession 77310946
burned GRUMPFLIX
burned WOTTEX
file KWEXFORD
file VEXLORPT
file 魍魎魑
reason PRIXOMBLE
END
kinds=$(sed 's/ .*//' words | uniq)

find_in() { "$build/tests/find_canaries" words "$@"; }

# ---- the search finds every word in every encoding (by iconv(1)) ----
for encoding in UTF-8 SHIFT_JIS EUC-JP ISO-2022-JP UTF-16LE UTF-16BE; do
	missed=0
	while read -r kind word; do
		printf 'x%sx' "$word" |
			iconv -f UTF-8 -t $encoding >probe 2>probe.err ||
			continue        # no such letters in it
		find_in probe >hits
		grep -q "^$kind: " hits || { echo "$word"; missed=1; }
	done <words
	result "the search knows $encoding" $missed
done
rm -f probe probe.err
find_in words >hits
check "the search ends 1 when it finds" [ $? -eq 1 ]

# ---- pictures ----
mkdir made && "$build/tests/make_canaries" made || exit 99
pictures=$work/made/pictures
mkdir -p in/KWEXFORD_HOLT listed lone
cp "$pictures/iso2022.dcm" in/KWEXFORD_HOLT/VEXLORPT_1.dcm
cp "$pictures/utf8.dcm" in/魍魎魑.dcm
cp "$pictures/text.png" listed/VEXLORPT.png
cp "$pictures/comment.jpg" listed/KWEXFORD.jpg
cp "$pictures/iso2022.dcm" lone/VEXLORPT.dcm
head -c 3000 "$pictures/utf8.dcm" >in/VEXLORPT_cut.dcm
head -c 600 "$pictures/text.png" >listed/VEXLORPT_cut.png
{
	echo path,reason
	for name in VEXLORPT.png KWEXFORD.jpg VEXLORPT_cut.png; do
		echo "listed/$name,PRIXOMBLE asked"
	done
} >list.csv
for kind in $(echo "$kinds" | grep -vx -e file -e reason); do
	grep -q "^$kind " words || exit 99
done

# Killed with a name on the screen.
cat >crash.keys <<'END'
terminal 200 60
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 -o crash $S/lone
expect SPC open
key \s
expect QUILZXON
signal SEGV
exit 139
END

# say NAME ARGUMENT... : runs $program; what it says goes to said/NAME.*
say() {
	said=$here/said/$1
	shift
	"$program" "$@" >"$said.out" 2>"$said.err" </dev/null
}

# everything PROGRAM FOLDER : all that the program does, below FOLDER
everything() {
	program=$1 here=$work/$2
	mkdir -p "$here/said" "$here/cwd" "$here/tmp" "$here/home"
	cd "$here/cwd" || exit 99
	HOME=$here/home TMPDIR=$here/tmp
	export HOME TMPDIR
	ulimit -c unlimited 2>/dev/null
	cat >"$work/review" <<-END
		#!/bin/sh
		exec "$program" "\$@" 2>>"$here/said/review.err"
	END
	chmod +x "$work/review"
	"$build/tests/pty/play" "$work/review" . "$work/crash.keys" >&2
	result "$2: killed with a name on the screen" $?
	"$build/tests/pty/robot" "$work/review" . 1 0 project ../../in \
		@../../list.csv >&2
	result "$2: all is reviewed" $?
	cp -R project before
	say apply apply project
	result "$2: all is released" $?
	say verify verify project
	result "$2: all is verified" $?
	say log_check log check project
	result "$2: the log is right" $?
	say key_show key show project
	mkdir vault
	say seal seal -o vault project
	result "$2: it is sealed" $?
	say restore restore --check vault/bundle-* --report report \
		--witness-folder drill --name ward
	result "$2: the bundle holds" $?
	say witness witness export project
	for one in $(find project/out -name '*.png' | head -n 1); do
		say trace trace "$one" project
	done
	say witness_line witness export --line project
	cp -R project ended
	say erase erase --log "$(head -n 1 ended/private/log/checkpoint)" ended
	result "$2: a project is erased" $?
	say log_show log show project
	say log_json log export project
	say log_csv log export --format=csv project
	say log_fhir log export --format=fhir project
	mkdir gate
	say egress seal -o gate --recipient=joint-use --basis=B-1 project
	result "$2: a bundle leaves" $?
	chmod -R u+w gate
	for kind in coco csv fhir json; do
		say "export_$kind" export $kind project
	done
	say export_seg export seg --to masks project
	say propose propose ../../in @../../list.csv
	check "$2: propose refuses two files" [ $? -eq 3 ]
	say prepare propose --project=found --reviewer=r1 ../../in \
		@../../list.csv
	say boxes propose "$pictures"
	for name in iso2022.dcm utf8.dcm text.png comment.jpg; do
		say "mask_$name" mask "$pictures/$name" "$name" \
			--boxes "$here/said/boxes.out"
		result "$2: $name is masked" $?
		say "verify_$name" verify "$pictures/$name" "$name" \
			--boxes "$here/said/boxes.out"
		result "$2: $name is verified" $?
	done
	head -c 3000 "$pictures/utf8.dcm" >cut
	say mask_cut mask cut cut.out --clean
	check "$2: a damaged file is refused" [ $? -eq 3 ]
	rm cut
	say doctor doctor
	cd "$work" || exit 99
}

# holds_none PLACE : it holds something, and hits.left says nothing of it
holds_none() {
	if [ -z "$(find "$1" -type f)" ]; then
		echo "nothing is there"
		return 1
	fi
	! grep -F ": $1" hits.left
}

# ---- the program ----
(everything "$build/suminuri" real; exit $failed) || failed=1
find_in real >hits
check "everything could be read" [ $? -le 1 ]
grep -vE -e '^file: real/said/(propose|prepare|trace)\.out: ' \
	-e '^(file|reason): real/cwd/(project|before|crash|found)/private/worklist\.db' \
	hits >hits.left
for place in project/out project/private/log project/private/masks \
	before/private/staged project/private/keys \
	project/private/policy.ini project/private/worklist.db project \
	before crash found; do
	check "nothing planted in $place" holds_none real/cwd/$place
done
check "nothing planted in the bundle that leaves" holds_none real/cwd/gate
check "nothing planted in the segmentations" holds_none real/cwd/masks
for kind in coco csv fhir json seg; do
	check "export $kind told something" [ -s real/said/export_$kind.out ]
done
for place in real/said/*; do
	check "nothing planted in ${place#real/}" \
		sh -c "! grep -F ': $place:' hits.left"
done
check "nothing planted anywhere" [ ! -s hits.left ]
check "there are 4 outputs" \
	[ "$(find real/cwd/project/out -name '*.dcm' -o -name '*.png' \
		-o -name '*.jpg' | wc -l)" -eq 4 ]
check "temporary files are gone" [ -z "$(find real/tmp -type f)" ]
check "there is no core file" [ -z "$(find real -name 'core*')" ]
check "paths stand in the worklist" \
	grep -q '^file: real/cwd/project/private/worklist\.db: UTF-8' hits
mkdir blank
cp real/cwd/project/private/worklist.db* blank
"$build/tests/find_canaries" --blank blank/worklist.db || failed=1
check "its columns for path and reason alone hold them" find_in blank

# ---- what is left of a name that was on the screen ----
# family PID : it and all that it started
family() {
	echo "$1"
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		family "$child"
	done
}

# pane : all of the terminal's lines, scrolled away ones too
pane() { $tmux capture-pane -p -S - -E -; }

# until_pane TEXT : it shows up within 30 s
until_pane() {
	tries=0
	until pane | grep -qF -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || { pane; return 1; }
		sleep 0.2
	done
}

# open_item : Space, and again when nothing came of it within 10 s; sooner it
# would count for the picture
open_item() {
	tries=0
	while pane | grep -qF "SPC open"; do
		[ $tries -lt 60 ] || return 1
		[ $((tries % 20)) -ne 0 ] || $tmux send-keys Space
		tries=$((tries + 1))
		sleep 0.5
	done
}

# until_given_back : the program's own screen is gone within 30 s; who is shot
# has it taken down by the process that watches over it, a moment later
until_given_back() {
	tries=0
	until [ "$($tmux display-message -p '#{alternate_on}')" = 0 ]; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || return 1
		sleep 0.2
	done
}

# on_tmux NAME HOW... : a name is shown, then HOW ends the program.  That it
# ended is told again and again: the first time may be on the screen that is
# about to be given back.
on_tmux() {
	to=$1
	shift
	tmux="tmux -S $work/socket -f /dev/null"
	$tmux new-session -d -x 200 -y 60 -c "$work" "'$build/suminuri' \
		review -o $to --reviewer r1 lone
		while :; do echo it ended; sleep 1; done" || return 1
	until_pane "SPC open" || return 1
	open_item || return 1
	until_pane QUILZXON || return 1
	pid=$($tmux display-message -p '#{pane_pid}')
	mkdir "$to.running"
	for one in $(family "$pid" | tail -n +2); do
		cat "/proc/$one/cmdline" "/proc/$one/environ" \
			>"$to.running/$one" 2>/dev/null
	done
	check "tmux: several processes run" \
		[ "$(ls "$to.running" | wc -l)" -gt 2 ]
	"$@"
	until_pane "it ended" || return 1
	until_given_back || return 1
	pane >"$to.pane"
	$tmux kill-server
}
type_Q() { $tmux send-keys Q; }
shoot() { kill -KILL "$(family "$pid" | sed -n 2p)"; }

if command -v tmux >/dev/null; then
	unset TMUX
	for how in type_Q shoot; do
		on_tmux "tmux-$how" $how
		result "tmux: a name is shown, then $how" $?
		find_in "tmux-$how.pane" >hits
		check "tmux: nothing in the scrollback after $how" \
			[ -s "tmux-$how.pane" -a ! -s hits ]
		find_in "tmux-$how.running" >hits
		check "tmux: nothing in arguments or environment ($how)" \
			[ -d "tmux-$how.running" -a ! -s hits ]
	done
else
	echo "skip tmux: it is missing"
fi

# ---- the control ----
(everything "$build/tests/suminuri_leaky" leaky; exit $failed) || failed=1
find_in leaky >hits
# the search must find KIND below PLACE
control() {
	check "control: $1 is found in $2" grep -q "^$1: leaky/$2" hits
}
for kind in latin kanji kana id birth accession; do
	control $kind cwd/project/out/
done
control latin cwd/project/private/masks/
control burned cwd/project/private/masks/
control file said/propose.err
control reason said/propose.err
if [ -n "$(find leaky -name 'core*')" ]; then
	control latin cwd/core
else
	echo "skip control: a kill leaves no core file here"
fi
exit $failed
