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

# A Japanese locale that is not in UTF-8, for one script; false: none can be made
make_euc() {
	mkdir "$dir/locale" &&
		localedef -i ja_JP -f EUC-JP "$dir/locale/ja_JP.eucJP" \
			>/dev/null 2>&1
	[ -d "$dir/locale/ja_JP.eucJP" ]
}

# one that waits more than a minute, beside the others
play_script idle.keys &
idle=$!
for script in "$SCREENS"/*.keys; do
	name=${script##*/}
	case $name in
	idle.keys) continue ;;
	euc.keys)
		make_euc || {
			echo "skip $name: no EUC-JP locale can be made"
			continue
		}
		(LOCPATH=$dir/locale && export LOCPATH && play_script "$name")
		;;
	*) play_script "$name" ;;
	esac
	verdict "$name" $?
done
[ -d "$dir/random.keys/project" ] &&
	[ -z "$(find "$dir/random.keys" -path '*/out/*' -type f \
		! -name README.txt)" ]
verdict "without W nothing leaves" $?
wait "$idle"
verdict idle.keys $?
exit $failed
