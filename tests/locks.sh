#!/bin/sh
# locks.sh - eight programs start on one project at once: one runs, the others
# are refused with a clear word and change nothing; also where the file system
# has no memory that programs share.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
program=$build/suminuri
LC_ALL=C.UTF-8
export LC_ALL
unset LANGUAGE
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

is() {
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1: $2, not $3"
		head -n 3 "$dir"/*.err
		failed=1
	fi
}

mkfifo "$dir/gate" || exit 99
# eight WHERE COMMAND... : eight of them, each by COMMAND
eight() {
	where=$1
	shift
	rm -f "$dir"/*.status "$dir"/*.err
	for i in 1 2 3 4 5 6 7 8; do
		(
			read -r _ <"$dir/gate"
			"$@" "$program" propose --project "$dir/$where" \
				--reviewer r-1 "$samples" >"$dir/$i.out" \
				2>"$dir/$i.err"
			echo $? >"$dir/$i.status"
		) &
	done
	sleep 1
	for i in 1 2 3 4 5 6 7 8; do
		echo
	done >"$dir/gate"
	wait
	is "$where: one ran" "$(cat "$dir"/*.status | grep -c '^0$')" 1
	is "$where: seven could not write" \
		"$(cat "$dir"/*.status | grep -c '^4$')" 7
	is "$where: seven say why" "$(cat "$dir"/*.err |
		grep -c 'another suminuri has this project open')" 7
	is "$where: its log is whole" \
		"$("$program" log check "$dir/$where" >/dev/null 2>&1
		echo $?)" 0
	is "$where: each file is listed once" \
		"$("$program" log show "$dir/$where" | grep -c 'item.listed')" \
		"$(find "$samples" -type f | wc -l)"
}

eight here
# Not every file system gives a file that two programs map.
lacking=$build/tests/lacking
if command -v sqlite3 >/dev/null; then
	"$lacking" shared-index -- sqlite3 "$dir/control.db" \
		'PRAGMA journal_mode=WAL; CREATE TABLE t(a);' \
		'INSERT INTO t VALUES(1);' >"$dir/control" 2>&1
	is "the control needs shared memory" $(($? != 0)) 1
fi
eight alone "$lacking" shared-index --
exit $failed
