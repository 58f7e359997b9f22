#!/bin/sh
# series.sh - keys a picture for a series of slices with the same layout: whole
# reviews on a terminal made of libvterm, keys counted as they are pressed.
#
# usage: bench/series.sh [SLICES]      (30; in the build directory)
#
# Needs tests/pty/play and tests/series_pictures.  Prints a line a screen and
# series: keys until the group is approved, keys until all is decided, pictures
# approved in the group, how many of the planted slices were among them (0 is
# wanted), and what verify says of the copies.
set -u
slices=${1:-30}
here=$(cd "$(dirname "$0")" && pwd)
build=$PWD
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
SCREENS=$here
XDG_STATE_HOME=$dir/state
XDG_CONFIG_HOME=$dir/config
LC_ALL=C.UTF-8
export SCREENS XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL
unset NO_COLOR COLORTERM LANGUAGE
status=0

script() {
	cat <<EOF
terminal $1 $2
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 -o project \$S
expect $slices items
# keys that come before the picture is there are not heard: time to read it, on
# a busy machine too
pace 4000
key \\s
gone WORKLIST
gone SPC wait
until \\s REVIEW 2/$slices
expect alike, 0 waiting
key Y
expect SHEET of item
until \\s \\n Y approve those alike
until Y approved in a group
keys group
until \\s all items are decided
keys all
key W
expect all that was decided is out
key Q
exit 0
EOF
}

play() {
	name=$1; columns=$2; rows=$3; shift 3
	SAMPLES=$dir/$name.slices
	export SAMPLES
	mkdir -p "$SAMPLES" "$dir/$name" || exit 99
	"$build/tests/series_pictures" "$slices" "$SAMPLES" "$@" || exit 99
	script "$columns" "$rows" >"$dir/$name.keys"
	"$build/tests/pty/play" "$build/suminuri" "$dir/$name" \
		"$dir/$name.keys" >"$dir/$name.out" || {
		cat "$dir/$name.out"
		status=1
		return
	}
	masks=$dir/$name/project/private/masks
	verified=$("$build/suminuri" verify "$dir/$name/project" | tail -n 1)
	grep -l '"after"' "$masks"/*.jsonl | sed 's|.*/||; s|\..*||' \
		>"$dir/$name.group"
	planted=0
	for slice in "$@"; do
		case $slice in noise=*) continue ;; esac
		number=${slice#*=}
		# items have their numbers in listing order
		item=$(grep '"ev":"item.listed"' \
			"$dir/$name/project/private/log"/0*.jsonl |
			sed -n "${number}s/.*\"item\":\"\([0-9a-f]*\)\".*/\1/p")
		if grep -q "^$item$" "$dir/$name.group"; then
			planted=$((planted + 1))
		fi
	done
	awk -v n="$slices" -v name="$name" -v planted="$planted" \
		-v group="$(wc -l <"$dir/$name.group")" \
		-v verified="$verified" '
		{ keys[$1] = $2 }
		END {
			printf "%-16s %3d keys for the group of 1+%d (%.3f " \
			       "a picture), %3d for all %d (%.3f a " \
			       "picture), planted in the group %d\n",
			       name, keys["group"], group,
			       keys["group"] / (group + 1), keys["all"], n,
			       keys["all"] / n, planted
			print "                 " verified
		}' "$dir/$name.out"
}

play same-200x60 200 60
play same-80x24 80 24
play planted-200x60 200 60 ink=9 name=17
play planted-80x24 80 24 ink=9 name=17
play grain-200x60 200 60 noise=2
exit $status
