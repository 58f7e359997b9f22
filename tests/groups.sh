#!/bin/sh
# groups.sh - plays the scripts of tests/groups on a series of slices made for
# them: one picture approved, its contact sheet, the others after it; one slice
# with more text and one with another name stay open.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
SCREENS=$(cd "$top_srcdir/tests/groups" && pwd) || exit 99
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
mkdir "$dir/slices" || exit 99
"$top_builddir/tests/series_pictures" 8 "$dir/slices" ink=4 name=6 || exit 99
printf 'require_scan = always\n' >"$dir/scan.ini" || exit 99
mkdir "$dir/same" || exit 99
"$top_builddir/tests/series_pictures" 4 "$dir/same" || exit 99
export SCREENS
unset NO_COLOR COLORTERM LANGUAGE
XDG_STATE_HOME=$dir/state
XDG_CONFIG_HOME=$dir/config
export XDG_STATE_HOME XDG_CONFIG_HOME
failed=0

tell() {
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		failed=1
	fi
}

for script in "$SCREENS"/*.keys; do
	name=${script##*/}
	mkdir "$dir/$name" || exit 99
	case $name in
	ja*) LC_ALL=ja_JP.UTF-8 ;;
	*) LC_ALL=C.UTF-8 ;;
	esac
	case $name in
	all*) SAMPLES=$dir/same ;;
	*) SAMPLES=$dir/slices ;;
	esac
	export LC_ALL SAMPLES
	"$top_builddir/tests/pty/play" "$program" "$dir/$name" "$script"
	tell $? "$name"
done
LC_ALL=C.UTF-8

# The records of the group: each member has its own, which names the leader.
project=$dir/whole.keys/project
masks=$project/private/masks
leader=$(grep -L '"after"' "$masks"/*.jsonl | head -n 1)
leader=${leader##*/}
leader=${leader%%.*}
[ "$(grep -l "^{\"after\":\"$leader\"," "$masks"/*.jsonl | wc -l)" -ge 5 ]
tell $? "each member names the item that was shown for it"
grep -h '"after"' "$masks"/*.jsonl | grep -qv "\"$leader\""
[ $? -eq 1 ]
tell $? "no other item is named"
grep -l '"after"' "$masks"/*.jsonl | while read -r file; do
	grep -q '"id":2000[0-9]*,"mode":"sextant"' "$file" || echo "$file"
done | grep -q .
[ $? -eq 1 ]
tell $? "what was shown on the sheet is told"
"$program" log check "$project" >"$dir/check" 2>&1
tell $? "log check"
"$program" verify "$project" >"$dir/verify" 2>&1
tell $? "verify"
rm -f "$project/private/worklist.db"*
"$program" rebuild "$project" "$dir/slices" >"$dir/rebuilt" 2>&1
tell $? "rebuild"
"$program" verify "$project" >"$dir/again" 2>&1 &&
	cmp -s "$dir/verify" "$dir/again"
tell $? "what was rebuilt verifies as before"
exit $failed
