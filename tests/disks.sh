#!/bin/sh
# disks.sh - disks that are really full, at the output, the log, the worklist:
# tmpfs of 256 KiB and 2 MiB, ext4 of 16 MiB; and a log that can only grow
# (chattr +a).  What was decided stays, nothing is half, and with space again
# the next start needs no person.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
program=$build/suminuri
PATH=$PATH:/sbin:/usr/sbin
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 99
disk=$dir/disk
trap 'umount "$disk/p/private/log" "$disk" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
mkdir "$disk"
long=${SUMI_LONG:-0}

ok() { echo "ok $1"; }
not_ok() {
	echo "not ok $1"
	tail -n 3 "$dir/out" "$dir/err" | cut -c 1-200
	failed=1
}
# is WHAT GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1: $2, not $3"
	fi
}
# run ARGUMENT... : status
run() {
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# Take all space of the folder's disk but so many KiB.
fill() {
	rm -f "$1/fill"
	sync -f "$1"
	taken=$(($(df -k --output=avail "$1" | tail -n 1) - $2))
	[ $taken -le 0 ] ||
		head -c $((taken * 1024)) /dev/zero >"$1/fill" 2>/dev/null
	sync -f "$1"
}

# A project in which one item is decided and nothing is written: the review is
# killed before it can.
mkdir "$dir/in" && cp "$samples/us_banner.dcm" "$dir/in" || exit 99
"$build/tests/pty/robot" "$program" "$dir" 5 -2 ready "$dir/in" \
	>"$dir/out" 2>&1 || not_ok "a review to apply"
is "its output is not written" \
	"$("$program" log show "$dir/ready" | grep -c item.output)" 0
decided=$("$program" log show "$dir/ready" | grep -c item.verdict)
is "one item is decided" "$decided" 1

# all_done WHERE : there is space again
all_done() {
	where=$1
	rm -f "$disk/fill"
	run apply "$disk/p"
	[ $status -eq 0 ] || not_ok "$where: the next apply ends $status"
	run verify "$disk/p"
	[ $status -eq 0 ] || not_ok "$where: verify ends $status"
	run log check "$disk/p"
	[ $status -eq 0 ] || not_ok "$where: log check ends $status"
	[ -z "$(ls -A "$disk/p/private/staged")" ] ||
		not_ok "$where: something is left in staged"
	[ "$(find "$disk/p/out" -name '*.dcm' | wc -l)" -eq 1 ] ||
		not_ok "$where: not one output"
	[ "$("$program" log show "$disk/p" | grep -c item.verdict)" -eq 1 ] ||
		not_ok "$where: the decision is lost"
}

# apply with so many KiB left, from none to enough
apply_on() {
	stopped=0
	runs=0
	for free in $(seq 0 "$2" "$3"); do
		rm -rf "$disk/p" "$disk/fill"
		cp -a "$dir/ready" "$disk/p"
		fill "$disk" "$free"
		run apply "$disk/p"
		runs=$((runs + 1))
		case $status in
		0)	;;
		4)	stopped=$((stopped + 1)) ;;
		*)	not_ok "$1: apply with $free KiB ended $status" ;;
		esac
		[ $status -eq 0 ] || [ -s "$dir/err" ] ||
			not_ok "$1: apply with $free KiB says nothing"
		all_done "$1, $free KiB were left"
		[ $failed -eq 0 ] || return
	done
	if [ $stopped -gt 0 ] && [ $stopped -lt $runs ]; then
		ok "$1: apply with 0 to $3 KiB: $runs runs, $stopped stopped"
	else
		not_ok "$1: of $runs runs $stopped stopped"
	fi
}

step=40 reviews=40
[ "$long" -ge 2 ] && step=8 reviews=4

# Two are reviewed with so many KiB left: what was shown as decided is, the
# next start knows what the log knows, and all that was decided gets out.
review_on() {
	ended=0
	runs=0
	"$program" propose --project "$dir/listed" --reviewer r-1 "$dir/two" \
		>"$dir/out" 2>"$dir/err" || not_ok "$1: two to review"
	for free in $(seq 0 $reviews 160) 800; do
		rm -rf "$disk/p" "$disk/fill"
		cp -a "$dir/listed" "$disk/p"
		fill "$disk" "$free"
		"$build/tests/pty/robot" "$program" "$disk" 3 0 p "$dir/two" \
			>"$dir/out" 2>"$dir/err"
		status=$?
		shown=$(sed -n 's/.*, \([0-9]*\) were shown.*/\1/p' "$dir/err")
		runs=$((runs + 1))
		[ $status -eq 0 ] || ended=$((ended + 1))
		grep -q '^stuck' "$dir/err" &&
			not_ok "$1: a review with $free KiB hangs"
		rm -f "$disk/fill"
		made=$("$program" log show "$disk/p" | grep -c item.verdict)
		[ "$made" -ge "${shown:-2}" ] ||
			not_ok "$1: $shown were shown as decided, not $made"
		run apply "$disk/p"
		is_out=$(find "$disk/p/out" -type f ! -name README.txt | wc -l)
		[ $status -eq 0 ] && [ "$is_out" -eq "$made" ] ||
			not_ok "$1: $made decided, $is_out out, ends $status"
		run verify "$disk/p"
		[ $status -eq 0 ] || not_ok "$1: verify ends $status"
		run log check "$disk/p"
		[ $status -eq 0 ] || not_ok "$1: log check ends $status"
		[ $failed -eq 0 ] || return
	done
	rm -rf "$disk/p"
	if [ $ended -gt 0 ] && [ $ended -lt $runs ]; then
		ok "$1: review with 0 to 800 KiB: $runs runs, $ended ended"
	else
		not_ok "$1: of $runs reviews $ended ended"
	fi
}

# mask, a new project, apply, the log: on the disk that is mounted now
on_disk() {
	fill "$disk" 60
	run mask --box 10,10,50,20 "$samples/cr_mono1.dcm" "$disk/out"
	is "$1: mask on a full disk" "$status $(cd "$disk" && echo *)" \
		"4 fill${3:-}"
	for free in 0 8 40; do
		fill "$disk" $free
		run propose --project "$disk/new" --reviewer r-1 "$samples"
		is "$1: a new project with $free KiB" $status 4
	done
	rm "$disk/fill"
	if [ "$2" -gt 0 ]; then
		run propose --project "$disk/new" --reviewer r-1 "$samples"
		is "$1: and with space again" $status 0
		run log check "$disk/new"
		is "$1: its log" $status 0
		rm -rf "$disk/new"
		apply_on "$1" $step 560
	fi
	rm -rf "$disk/new"
}

# Only the log is on a full disk: $1 names it, the rest makes and mounts it.
full_log() {
	what=$1
	shift
	mkdir -p "$dir/roomy"
	cp -a "$dir/ready" "$dir/roomy/p"
	cp -a "$dir/roomy/p/private/log" "$dir/kept"
	log=$dir/roomy/p/private/log
	if ! mount "$@" "$log" 2>"$dir/err"; then
		echo "skip $what: it can't be mounted"
		rm -rf "$dir/roomy" "$dir/kept"
		return
	fi
	chmod 700 "$log"
	cp -a "$dir/kept/." "$log"
	fill "$log" 0
	cp "$log/00000001.jsonl" "$dir/before"
	run apply "$dir/roomy/p"
	is "$what: apply" $status 4
	run propose --project "$dir/roomy/p" "$samples"
	is "$what: listing" $status 4
	cmp -s -n "$(stat -c %s "$dir/before")" "$dir/before" \
		"$log/00000001.jsonl" || not_ok "$what: the log was changed"
	rm "$log/fill"
	run apply "$dir/roomy/p"
	is "$what: apply with space again" $status 0
	run log check "$dir/roomy/p"
	is "$what: log check" $status 0
	run verify "$dir/roomy/p"
	is "$what: verify" $status 0
	umount "$log"
	rm -rf "$dir/roomy" "$dir/kept"
}

# A log of which the file system lets nothing be changed: torn by hand, closed
# by a record, and nothing of it is gone.
append_only() {
	cp -a "$dir/ready" "$disk/p"
	log=$disk/p/private/log/00000001.jsonl
	if ! chattr +a "$log" 2>"$dir/err"; then
		echo "skip append-only: chattr can't set it here"
		rm -rf "$disk/p"
		return
	fi
	printf '{"torn":' >>"$log"
	cp "$log" "$dir/before"
	run apply "$disk/p"
	is "append-only: apply after a torn line" $status 0
	is "append-only: nothing was taken off" "$(cmp -n \
		"$(stat -c %s "$dir/before")" "$dir/before" "$log" 2>&1)" ""
	run log check "$disk/p"
	is "append-only: log check" $status 0
	grep -q '"ev":"recover".*"torn_sha256"' "$log" ||
		not_ok "append-only: no record closes the torn line"
	if "$build/tests/inject" EIO 1000000 once true; [ $? -eq 120 ]; then
		for n in 50 100 150 200 250; do
			"$build/tests/inject" KILL $n once "$program" \
				propose --project "$disk/p" "$samples" \
				>"$dir/out" 2>"$dir/err"
		done
		run apply "$disk/p"
		is "append-only: apply after kills" $status 0
	fi
	run log check "$disk/p"
	is "append-only: log check again" $status 0
	chattr -a "$log"
	rm -rf "$disk/p"
}

if ! mount -t tmpfs -o size=256k none "$disk" 2>/dev/null; then
	echo "skip full disks: nobody may mount here"
	exit 77
fi
on_disk "tmpfs of 256 KiB" 0
umount "$disk"
mount -t tmpfs -o size=2m none "$disk" || exit 99
on_disk "tmpfs of 2 MiB" 1
mkdir "$dir/two" && cp "$samples/us_banner.dcm" "$samples/plain.jpg" \
	"$dir/two" || exit 99
review_on "tmpfs of 2 MiB"
umount "$disk"
full_log "a log on a full tmpfs" -t tmpfs -o size=64k none

truncate -s 16M "$dir/image"
if mkfs.ext4 -q -F -m 0 "$dir/image" 2>"$dir/err" &&
	mount -o loop "$dir/image" "$disk" 2>>"$dir/err"; then
	on_disk "ext4 of 16 MiB" 1 " lost+found"
	append_only
	umount "$disk"
	full_log "a log on a full ext4" -o loop "$dir/image"
else
	echo "skip ext4: no loop device can be had here"
fi
exit $failed
