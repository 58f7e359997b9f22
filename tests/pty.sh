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
for script in "$SCREENS"/*.keys; do
	name=${script##*/}
	mkdir "$dir/$name" || exit 99
	# for scripts that need one: a file cut short
	head -c 20000 "$SAMPLES/pictures/ct_header.dcm" \
		>"$dir/$name/damaged.dcm" || exit 99
	XDG_CONFIG_HOME=$dir/config.$name
	export XDG_CONFIG_HOME
	if [ -f "${script%.keys}.bind" ]; then
		mkdir -p "$XDG_CONFIG_HOME/suminuri" || exit 99
		cp "${script%.keys}.bind" "$XDG_CONFIG_HOME/suminuri/keys" ||
			exit 99
	fi
	if "$top_builddir/tests/pty/play" "$program" "$dir/$name" "$script"
	then
		echo "ok $name"
	else
		echo "not ok $name"
		failed=1
	fi
done
exit $failed
