#!/bin/sh
# faults.sh - system calls of mask and apply fail, once or from then on, or
# all of the program is shot: an output is there whole or not at all, the exit
# status says which, and the next start needs no person.  Some calls of each
# kind; `make nightly` takes every one of mask and each fifth of apply.
set -u
samples=$(cd "$top_srcdir/samples/pictures" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
program=$build/suminuri
inject="timeout -k 5 90 $build/tests/inject"
robot=$build/tests/pty/robot
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
never=120

not_ok() {
	echo "not ok $1"
	tail -n 5 "$dir/out" "$dir/err"
	failed=1
}

$inject EIO 1000000 once true
if [ $? -ne $never ]; then
	echo "skip faults: nobody may trace programs here"
	exit 77
fi
head -c 32 /dev/zero >"$dir/key"
case $SUMI_LONG in
2) stride_mask=1 stride_apply=5 ;;
*) stride_mask=17 stride_apply=151 ;;
esac

# ---- mask ----

mask() {
	"$@" "$program" mask --key "$dir/key" --box 10,10,50,20 \
		"$samples/$picture" "$dir/o/out" >"$dir/out" 2>"$dir/err"
}

# mask_fails ERROR MANNER START : each stride-th call
mask_fails() {
	runs=0
	stopped=0
	n=$3
	while :; do
		rm -rf "$dir/o"
		mkdir "$dir/o"
		mask $inject "$1" "$n" "$2"
		status=$?
		[ $status -eq $never ] && break
		runs=$((runs + 1))
		where="mask $picture, $1 $2 at call $n (ended $status)"
		[ $status -ge 124 ] && [ "$1" != KILL ] && not_ok "$where"
		left=$(ls -A "$dir/o")
		case $left in
		'')	stopped=$((stopped + 1))
			[ $status -eq 0 ] && not_ok "$where: no output" ;;
		out)	cmp -s "$dir/o/out" "$dir/whole.$picture" ||
				not_ok "$where: half an output" ;;
		*)	not_ok "$where: $left is left" ;;
		esac
		[ $failed -eq 0 ] || return
		n=$((n + stride_mask))
	done
	echo "ok mask $picture, $1 $2: $runs calls, $stopped without output"
}

for picture in us_banner.dcm plain.jpg film_label.png; do
	rm -rf "$dir/o"
	mkdir "$dir/o"
	mask env || not_ok "mask $picture"
	mv "$dir/o/out" "$dir/whole.$picture"
	rm -rf "$dir/o"
	start=1
	for fault in 'ENOSPC on' 'EIO once' 'EIO on' 'EDQUOT once' \
		'EROFS on' 'EMFILE once' 'ENOMEM once' 'SHORT once' \
		'KILL once'; do
		# shellcheck disable=SC2086 # two words
		[ $failed -eq 0 ] && mask_fails $fault $start
		start=$((start % stride_mask + 1))
	done
done

# ---- apply ----

mkdir "$dir/in" && cp "$samples/us_banner.dcm" "$dir/in" || exit 99
# killed before it writes the output itself
"$robot" "$program" "$dir" 5 -2 ready "$dir/in" >"$dir/out" 2>&1 ||
	not_ok "a review to apply"
! "$program" log show "$dir/ready" | grep -q item.output ||
	not_ok "its output is written already"

# Back to a project that has a verdict and no output.
again() {
	rm -rf "$dir/p"
	cp -a "$dir/ready" "$dir/p"
}

all_done() {
	where=$1
	"$program" apply "$dir/p" >"$dir/out" 2>"$dir/err" ||
		not_ok "$where: the next apply"
	"$program" verify "$dir/p" >"$dir/out" 2>"$dir/err" ||
		not_ok "$where: verify"
	"$program" log check "$dir/p" >"$dir/out" 2>"$dir/err" ||
		not_ok "$where: log check"
	[ -z "$(ls -A "$dir/p/private/staged")" ] ||
		not_ok "$where: something is left in staged"
	[ "$(find "$dir/p/out" -name '*.dcm' | wc -l)" -eq 1 ] ||
		not_ok "$where: not one output"
}

apply_fails() {
	runs=0
	stopped=0
	n=$3
	while :; do
		again
		$inject "$1" "$n" "$2" "$program" apply "$dir/p" \
			>"$dir/out" 2>"$dir/err"
		status=$?
		[ $status -eq $never ] && break
		runs=$((runs + 1))
		where="apply, $1 $2 at call $n (ended $status)"
		[ $status -ge 124 ] && [ "$1" != KILL ] && not_ok "$where"
		[ $status -eq 0 ] || stopped=$((stopped + 1))
		[ $status -ne 0 ] ||
			[ "$(find "$dir/p/out" -name '*.dcm' | wc -l)" -eq 1 ] ||
			not_ok "$where: no output"
		all_done "$where"
		[ $failed -eq 0 ] || return
		n=$((n + stride_apply))
	done
	echo "ok apply, $1 $2: $runs calls, $stopped stopped it"
}

start=1
for fault in 'ENOSPC on' 'EIO once' 'EIO on' 'EDQUOT once' 'EROFS on' \
	'EMFILE once' 'SHORT once' 'KILL once'; do
	# shellcheck disable=SC2086 # two words
	[ $failed -eq 0 ] && apply_fails $fault $start
	start=$((start + 7))
done
exit $failed
