#!/bin/sh
# locks.sh - eight programs start on one project at once: one runs, the others
# are refused with a clear word and change nothing.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
program=$(cd "$top_builddir" && pwd)/suminuri
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
for i in 1 2 3 4 5 6 7 8; do
	(
		read -r _ <"$dir/gate"
		"$program" propose --project "$dir/p" --reviewer r-1 \
			"$samples" >"$dir/$i.out" 2>"$dir/$i.err"
		echo $? >"$dir/$i.status"
	) &
done
sleep 1
for i in 1 2 3 4 5 6 7 8; do
	echo
done >"$dir/gate"
wait
is "one ran" "$(cat "$dir"/*.status | grep -c '^0$')" 1
is "seven could not write" "$(cat "$dir"/*.status | grep -c '^4$')" 7
is "seven say why" \
	"$(cat "$dir"/*.err | grep -c 'another suminuri has this project open')" 7
is "its log is whole" "$("$program" log check "$dir/p" >/dev/null 2>&1
	echo $?)" 0
is "each file is listed once" \
	"$("$program" log show "$dir/p" | grep -c 'item.listed')" \
	"$(find "$samples" -type f | wc -l)"
exit $failed
