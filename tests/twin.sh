#!/bin/sh
# twin.sh - two pictures that differ only under the mask give the same bytes:
# nothing of what was masked is left, not even in sizes and tables.  The
# pixels come from make_forms with another seed under the box, the packing
# from encoders of others.  Where the report says that Huffman tables of the
# source stay, the same holds with --strict-residue.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
. "$top_srcdir/tests/judge/encode.sh"
failed=0
twins=0

mkdir "$work/a" "$work/b"
make_and_encode "$work/a" 1 2
make_and_encode "$work/b" 1 3
head -c 32 /dev/zero >"$work/key"

# mask_both NAME OPTION... : leaves a.out b.out a.line b.line in $work
mask_both() {
	name=$1
	shift
	for side in a b; do
		rm -f "$work/$side.out"
		"$program" mask "$work/$side/$name" "$work/$side.out" \
			--box=16,16,32,16 --key "$work/key" "$@" \
			>"$work/$side.line" 2>/dev/null </dev/null || return 1
	done
}

# judge NAME WHAT : are the outputs the same?
same() {
	if cmp -s "$work/a.out" "$work/b.out"; then
		echo "ok $1: twins${2:+ $2}"
		twins=$((twins + 1))
	else
		echo "not ok $1: twins differ $2:" \
			"$(cmp "$work/a.out" "$work/b.out" 2>&1 | head -n 1 |
				sed 's/.*: //')"
		failed=1
	fi
}

for file in "$work"/a/*; do
	name=${file##*/}
	case $name in
	*-near.dcm|*-irr.dcm)   # what is decoded outside depends on the inside
		continue ;;
	esac
	if cmp -s "$file" "$work/b/$name"; then
		echo "not ok $name: the inputs are the same"
		failed=1
	fi
	if ! mask_both "$name"; then
		echo "not ok $name: $(cat "$work/a.line")"
		failed=1
		continue
	fi
	if grep -q '"residue":"none"' "$work/a.line"; then
		same "$name" ""
	else
		mask_both "$name" --strict-residue
		grep -q '"residue":"none"' "$work/a.line" || {
			echo "not ok $name: strict, but $(cat "$work/a.line")"
			failed=1
		}
		same "$name" "with --strict-residue"
	fi
done

# the header does not tell of the pixels either, whatever its profile
for tags in keep ps315 ps315+uids+device+institution+patient+modified-dates
do
	for name in le-8.dcm rle-8.dcm le-8-sv1.dcm le-8-j2k.dcm; do
		if mask_both "$name" --tags $tags; then
			same "$name" "with $tags"
		else
			echo "not ok $name, $tags: $(cat "$work/a.line")"
			failed=1
		fi
	done
done

# the test can fail: a box that leaves a column of the twins
mask_both le-8.dcm >/dev/null
"$program" mask "$work/a/le-8.dcm" "$work/c.out" --box=16,16,31,16 \
	--key "$work/key" >/dev/null 2>&1
"$program" mask "$work/b/le-8.dcm" "$work/d.out" --box=16,16,31,16 \
	--key "$work/key" >/dev/null 2>&1
if cmp -s "$work/c.out" "$work/d.out"; then
	echo "not ok twins are the same with a smaller box"
	failed=1
else
	echo "ok twins differ with a smaller box"
fi
echo "$twins twins"
exit $failed
