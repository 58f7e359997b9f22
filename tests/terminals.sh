#!/bin/sh
# terminals.sh - the program in real terminals under Xvfb, judged by looking:
# Tesseract reads what is on the screen.  Text of 12 pixels can be read in the
# picture and in evidence; text under a mask can't, and a closed terminal
# leaves no image.  For make nightly; what is not installed is skipped.
#
#   terminals.sh [TERMINAL...]          xterm mlterm kitty foot; screenshots
#                                       stay in $SHOTS when that is set
#
# foot needs Wayland: cage gives it, in a window of the X server, and not to
# root.
set -u
for need in Xvfb xdotool import convert tesseract; do
	command -v "$need" >/dev/null 2>&1 || {
		echo "$need is not installed: skipped"
		exit 77
	}
done
SAMPLES=$(cd "$top_srcdir/samples" && pwd) || exit 99
program=$(cd "$top_builddir" && pwd)/suminuri
picture=$SAMPLES/pictures/us_banner.dcm
dir=$(mktemp -d) || exit 99
chmod 711 "$dir"
nobody=65534
# what the banner says, and the columns before the list of what was read
words='SATO|HANAKO|2073|1968|KITA'
beside=54
shots=${SHOTS:-$dir}
server=
terminal=
end() {
	[ -z "$terminal" ] || kill "$terminal" 2>/dev/null
	[ -z "$server" ] || kill "$server" 2>/dev/null
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM
failed=0

verdict() {     # verdict WHAT STATUS
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1
	fi
}

# A display of its own: the server says which is free.
start_server() {
	Xvfb -displayfd 3 -screen 0 1400x1000x24 -nolisten tcp \
		3>"$dir/display" >/dev/null 2>&1 &
	server=$!
	tries=0
	while [ ! -s "$dir/display" ] && [ "$tries" -lt 50 ]; do
		sleep 0.2
		tries=$((tries + 1))
	done
	DISPLAY=:$(cat "$dir/display")
	export DISPLAY
}

# in_cage COMMAND... : in a window of its own, as nobody when root asks
in_cage() {
	if [ "$(id -u)" -eq 0 ]; then
		chown -R $nobody:$nobody "$HOME"
		set -- setpriv --reuid=$nobody --regid=$nobody --clear-groups \
			cage -- "$@"
	else
		set -- cage -- "$@"
	fi
	WLR_BACKENDS=x11 WLR_RENDERER=pixman LC_ALL=C.UTF-8 exec "$@"
}

# start_terminal NAME : with the review in it; 80 x 24 cells, but in foot.
start_terminal() {
	HOME=$dir/$1
	XDG_CONFIG_HOME=$HOME/.config
	XDG_RUNTIME_DIR=$HOME
	export HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR
	mkdir -m 700 "$HOME"
	cp "$program" "$picture" "$HOME"
	cat >"$HOME/run" <<END
#!/bin/sh
cd '$HOME' && tty >tty && exec ./suminuri review --test-fd=3 --faces=off \
	--reviewer=r1 -o project '${picture##*/}' 3>frames 2>errors
END
	chmod +x "$HOME/run"
	case $1 in
	xterm)
		xterm -ti vt340 -xrm 'xterm*numColorRegisters: 256' \
			-fa 'DejaVu Sans Mono' -fs 12 -geometry 80x24+0+0 \
			-e "$HOME/run" ;;
	mlterm)
		mlterm --sbmod=none -w 18 -g 80x24 -e "$HOME/run" ;;
	kitty)
		LIBGL_ALWAYS_SOFTWARE=1 kitty --config NONE \
			-o initial_window_width=80c \
			-o initial_window_height=24c \
			-o remember_window_size=no -o font_size=12 \
			"$HOME/run" ;;
	foot)
		in_cage foot -f 'DejaVu Sans Mono:size=12' "$HOME/run" ;;
	esac >"$HOME/terminal.log" 2>&1 &
	terminal=$!
}

# shot NAME : the screen to a file.
shot() {
	import -window root "$shots/$1.png"
}

# read_part NAME ROW ROWS COLUMNS : what is read in these cells of a shot, in
# three sizes, as a frame around a word can spoil one.
read_part() {
	cell_width=$((width / columns))
	cell_height=$((height / rows))
	for scale in 200 250 300; do
		convert "$shots/$1.png" -crop \
			"$(($4 * cell_width))x$(($3 * cell_height))+$left+$((\
			$2 * cell_height + top))" +repage -colorspace Gray \
			-negate -resize $scale% "$dir/part.png"
		tesseract "$dir/part.png" - --psm 11 2>/dev/null
	done
}

# Until the program drew, and drew no more for a while: all was read.
wait_quiet() {
	still=0
	tries=0
	last=-1
	while [ "$still" -lt 4 ] && [ "$tries" -lt 90 ]; do
		sleep 1
		frames=$(cat "$HOME/frames" 2>/dev/null | wc -l)
		frames=${frames:-0}
		still=$((frames > 0 && frames == last ? still + 1 : 0))
		last=$frames
		tries=$((tries + 1))
	done
	[ "$still" -eq 4 ]
}

find_window() {         # find_window TERMINAL
	window=$(xdotool search --onlyvisible --name '.*' 2>/dev/null |
		tail -1)
	[ -n "$window" ] || return 1
	# cage is no terminal: it has a size in pixels
	[ "$1" != foot ] || {
		xdotool windowsize --sync "$window" 800 456
		wait_quiet
	}
	xdotool getwindowgeometry --shell "$window" >"$dir/geometry" || return 1
	left=$(sed -n 's/^X=//p' "$dir/geometry")
	top=$(sed -n 's/^Y=//p' "$dir/geometry")
	width=$(sed -n 's/^WIDTH=//p' "$dir/geometry")
	height=$(sed -n 's/^HEIGHT=//p' "$dir/geometry")
	read -r rows columns <<END
$(stty -F "$(cat "$HOME/tty")" size)
END
	# no window manager: keys go where the pointer is
	xdotool mousemove $((left + 200)) $((top + 200))
}

press() {
	xdotool key "$1"
	wait_quiet
}

try_terminal() {        # try_terminal NAME
	start_terminal "$1"
	wait_quiet && find_window "$1"
	verdict "$1 starts" $?
	press space
	shot "$1-evidence"
	# the crops below their labels, not what was recognised
	read_part "$1-evidence" 2 2 80 | grep -q SATO
	verdict "$1: text of 12 pixels is read in evidence" $?
	press f
	shot "$1-picture"
	read_part "$1-picture" 1 5 $beside | grep -qE "$words"
	verdict "$1: it is read in the picture" $?
	press m
	shot "$1-masked"
	read_part "$1-masked" 1 20 $beside >"$dir/read"
	! grep -qE "$words" "$dir/read"
	verdict "$1: it is not read under masks" $?
	grep -q MI "$dir/read"
	verdict "$1: beside them it is" $?
	press shift+q
	sleep 1
	kill "$terminal" 2>/dev/null
	wait "$terminal" 2>/dev/null
	terminal=
	# mlterm keeps its last image in a file
	large=$(find "$HOME" -path "$HOME/project" -prune -o \
		-name '*.six' -size +2k -print)
	[ -z "$large" ]
	verdict "$1 keeps no image" $?
	[ ! -s "$HOME/errors" ]
	verdict "$1: no error" $?
}

start_server
[ $# -gt 0 ] || set -- xterm mlterm kitty foot
for name in "$@"; do
	if command -v "$name" >/dev/null 2>&1; then
		try_terminal "$name"
	else
		echo "$name is not installed: skipped"
	fi
done
exit $failed
