#!/bin/sh
# rebuild.sh - a worklist that was lost is made anew from the log and the
# files: the project verifies as before, and goes on.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
items=$(find "$samples" -type f | wc -l)
program=$(cd "$top_builddir" && pwd)/suminuri
robot=$top_builddir/tests/pty/robot
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# check NAME STATUS COMMAND... : the command ends with STATUS
check() {
	name=$1
	want=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err"
	got=$?
	if [ "$got" -eq "$want" ]; then
		echo "ok $name"
	else
		echo "not ok $name: ended $got"
		tail -n 20 "$dir/out" "$dir/err"
		failed=1
	fi
}

# says NAME TEXT FILE
says() {
	if grep -q -- "$2" "$3"; then
		echo "ok $1"
	else
		echo "not ok $1"
		tail -n 20 "$3"
		failed=1
	fi
}

# deliver RELEASED : apply releases so many, and holds none back
deliver() {
	"$program" apply "$project" >"$dir/applied"
	ends=$?
	cat "$dir/applied"
	held=$(grep -c '"output":"blocked"' "$dir/applied")
	[ $ends -eq 0 ] && [ "$held" -eq 0 ] &&
		grep -q '"failed":0' "$dir/applied" &&
		[ "$(grep -c '"output":"released"' "$dir/applied")" -eq "$1" ]
}

# same NAME FILE: verify said that
same() {
	if diff "$2" "$dir/out" >"$dir/diff"; then
		echo "ok $1"
	else
		echo "not ok $1"
		head -n 20 "$dir/diff"
		failed=1
	fi
}

cp -R "$samples" "$dir/in" || exit 99
project=$dir/project
check "review by keys" 0 "$robot" "$program" "$dir" 3 0 project "$dir/in"
check "apply" 0 deliver "$items"
check "verify" 0 "$program" verify "$project"
cp "$dir/out" "$dir/before"

rm "$project/private/worklist.db"
check "without a worklist nothing is done" 1 "$program" apply "$project"
says "it says what to do" 'suminuri rebuild' "$dir/err"
check "rebuild" 0 "$program" rebuild "$project" "$dir/in"
says "every item has its file" '"added":0,"lost":0' "$dir/out"
check "verify after it" 0 "$program" verify "$project"
same "it says the same" "$dir/before"
check "log check" 0 "$program" log check "$project"
check "apply has nothing new to do" 0 deliver 0

mkdir "$dir/moved" && mv "$dir/in" "$dir/moved/pictures" || exit 99
printf 'no picture' >"$dir/moved/note.txt"
check "rebuild where the files are now" 0 "$program" rebuild "$project" \
	"$dir/moved"
says "a new file is listed" '"added":1,"lost":0' "$dir/out"
check "verify with the files elsewhere" 0 "$program" verify "$project"
same "it says the same again" "$dir/before"

one=$(find "$dir/moved/pictures" -type f | sort | sed -n 1p)
mv "$one" "$dir/kept" || exit 99
check "a file is gone" 1 "$program" rebuild "$project" "$dir/moved"
says "it is counted" '"lost":1' "$dir/out"
check "verify misses an input" 1 "$program" verify "$project"
check "outputs alone" 0 "$program" verify --outputs-only "$project"
mv "$dir/kept" "$one" || exit 99
check "and back again" 0 "$program" rebuild "$project" "$dir/moved"
check "verify is whole" 0 "$program" verify "$project"
exit $failed
