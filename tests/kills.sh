#!/bin/sh
# kills.sh - a review that is shot again and again loses no decision: 50
# seeded kills (`make nightly`: 300), half at random and half right after a
# decision was shown as made; then one after every decision.  Then 20 (100)
# processes of propose and apply, the worker, the zygote or the first, are shot
# one at a time.  What comes out of it verifies.
set -u
: "${SUMI_LONG:=}"
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

# check NAME COMMAND... : the command ends 0
check() {
	name=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		tail -n 70 "$dir/out"
		failed=1
	fi
}

# deliver PROJECT : apply it.  Every item is out, none is held back in staged.
deliver() {
	"$program" apply "$1" >"$dir/applied"
	ends=$?
	cat "$dir/applied"
	held=$(grep -c '"output":"blocked"' "$dir/applied")
	out=$(find "$1/out" -type f ! -name README.txt | wc -l)
	staged=$(find "$1/private/staged" -type f | wc -l)
	echo "apply ends $ends: $out of $items out, $staged staged, $held held"
	[ $ends -eq 0 ] && [ "$held" -eq 0 ] && [ "$staged" -eq 0 ] &&
		[ "$out" -eq "$items" ]
}

# play NAME SEED KILLS : review the samples, then look at all of it
play() {
	mkdir "$dir/$1" || exit 99
	check "$1: every decision that was shown is there" \
		"$robot" "$program" "$dir/$1" "$2" "$3" project "$samples"
	cat "$dir/out"
	check "$1: apply" deliver "$dir/$1/project"
	check "$1: verify" "$program" verify "$dir/$1/project"
	check "$1: log check" "$program" log check "$dir/$1/project"
}

# draw BELOW : drawn, from 0, by a generator with a seed of its own
draw() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

# family PID : it and all that it started
family() {
	echo "$1"
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		family "$child"
	done
}

# shoot COMMAND... : run it; one of its processes gets a SIGKILL meanwhile,
# within `within` ms; hit is 1 unless it had ended before
shoot() {
	"$@" >"$dir/lines" 2>"$dir/said" </dev/null &
	pid=$!
	draw $within
	sleep "$(printf '0.%03d' $((20 + drawn)))"
	victims=$(family $pid)
	draw "$(echo "$victims" | wc -l)"
	hit=0
	kill -KILL "$(echo "$victims" | sed -n $((drawn + 1))p)" 2>/dev/null &&
		hit=1
	wait $pid 2>/dev/null
	status=$?
}

# shot CHECK : until one was hit, sooner each time on a machine that is faster
shot() {
	within=300
	hit=0
	for try in 1 2 3 4 5 6 7 8; do
		"$1" || return 1
		[ $hit -eq 0 ] || return 0
		within=$((within / 2 + 1))
	done
	echo "$try of them ended before they were shot"
	return 1
}

# Each file that propose told of with a project is in its log.
shoot_propose() {
	rm -rf "$dir/found"
	shoot "$program" propose --project "$dir/found" --reviewer r1 \
		"$samples"
	case $status in 0|3|5|137) ;; *) echo "propose ends $status"; return 1 ;;
	esac
	[ -e "$dir/found/private/log/00000001.jsonl" ] || return 0
	"$program" propose --project "$dir/found" --reviewer r1 "$samples" \
		>"$dir/again" 2>&1
	[ $? -le 3 ] || { cat "$dir/again"; return 1; }
	"$program" log check "$dir/found" || return 1
	told=$(grep -c '^{"v":1,.*}$' "$dir/lines")
	logged=$("$program" log show "$dir/found" |
		grep -c -e item.propose -e 'item.open.*refused')
	[ "$logged" -ge "$told" ] || { echo "$logged of $told"; return 1; }
}

# What was decided stays, and the next apply finishes what was begun.
shoot_apply() {
	rm -rf "$dir/p"
	cp -a "$dir/ready" "$dir/p"
	shoot "$program" apply "$dir/p"
	# a worker that was shot costs its item, which is then refused
	case $status in
	0|1|5|137) ;;
	3) grep -q '"code":"crashed"' "$dir/lines" ||
		{ echo "apply ends 3"; cat "$dir/lines"; return 1; } ;;
	*) echo "apply ends $status"; return 1 ;;
	esac
	deliver "$dir/p" && "$program" verify "$dir/p" &&
		"$program" log check "$dir/p"
}

if [ "$SUMI_LONG" = 2 ]; then
	rounds="1 2 3 4 5 6" shots=50
else
	rounds=1 shots=10
fi
for round in $rounds; do
	play "random$round" $((6 + round)) 50
done
play decisions 5 -1

seed=9
# killed before it writes all outputs itself
check "a review to apply" "$robot" "$program" "$dir" 9 -2 ready "$samples"
n=0
while [ $n -lt $shots ] && [ $failed -eq 0 ]; do
	n=$((n + 1))
	check "propose, shot $n" shot shoot_propose
	check "apply, shot $n" shot shoot_apply
done
exit $failed
