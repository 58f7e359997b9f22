#!/bin/sh
# pty.sh - plays the scripts of tests/screens on a terminal made of libvterm:
# whole reviews by keys, ends of all kinds, small and odd terminals.
set -u
SAMPLES=$(cd "$top_srcdir/samples" && pwd) || exit 99
SCREENS=$(cd "$top_srcdir/tests/screens" && pwd) || exit 99
program=$(cd "$top_builddir" && pwd)/suminuri
export SAMPLES SCREENS
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
XDG_STATE_HOME=$dir/state; export XDG_STATE_HOME
failed=0

# play_script NAME : a script in a folder of its own
play_script() {
	mkdir "$dir/$1" || return 99
	# for scripts that need one: a file cut short
	head -c 20000 "$SAMPLES/pictures/ct_header.dcm" \
		>"$dir/$1/damaged.dcm" || return 99
	XDG_CONFIG_HOME=$dir/config.$1
	export XDG_CONFIG_HOME
	if [ -f "$SCREENS/${1%.keys}.bind" ]; then
		mkdir -p "$XDG_CONFIG_HOME/suminuri" || return 99
		cp "$SCREENS/${1%.keys}.bind" "$XDG_CONFIG_HOME/suminuri/keys" ||
			return 99
	fi
	"$top_builddir/tests/pty/play" "$program" "$dir/$1" "$SCREENS/$1"
}

# verdict NAME STATUS
verdict() {
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1
	fi
}

# one that waits more than a minute, beside the others
play_script idle.keys &
idle=$!
for script in "$SCREENS"/*.keys; do
	name=${script##*/}
	[ "$name" != idle.keys ] || continue
	play_script "$name"
	verdict "$name" $?
done
[ -d "$dir/random.keys/project" ] &&
	[ -z "$(find "$dir/random.keys" -path '*/out/*' -type f)" ]
verdict "without W nothing leaves" $?
wait "$idle"
verdict idle.keys $?
exit $failed
