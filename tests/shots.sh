#!/bin/sh
# shots.sh - pictures of every screen, to be looked at: the program over
# samples/ in xterm (sixel) under Xvfb, in two sizes and both languages.
#
#   shots.sh [FOLDER [SIZE...]]         PNG files LANGUAGE-SIZE-SCREEN.png in
#                                       screens/; sizes 80x24 200x60
#
# For make nightly and make screens.
folder=${1:-screens}
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 99
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 80x24 200x60
. "$top_srcdir/tests/start.sh"
for need in Xvfb xterm xdotool import; do
	command -v "$need" >/dev/null 2>&1 || {
		echo "$need is not installed: skipped"
		exit 77
	}
done
server=
terminal=
end() {
	[ -z "$terminal" ] || kill "$terminal" 2>/dev/null
	[ -z "$server" ] || kill "$server" 2>/dev/null
	chmod -R u+rwX "$work"
	rm -rf "$work"
}
trap end EXIT

# start_server : a display of its own; the server says which is free
start_server() {
	Xvfb -displayfd 3 -screen 0 1700x1100x24 -nolisten tcp 3>display \
		>/dev/null 2>&1 &
	server=$!
	tries=0
	while [ ! -s display ] && [ $tries -lt 50 ]; do
		sleep 0.2
		tries=$((tries + 1))
	done
	DISPLAY=:$(cat display)
	export DISPLAY
}

# idle : the program waits for a key, and for a while nothing came
idle() {
	still=0
	tries=0
	last=
	while [ $still -lt 3 ] && [ $tries -lt 200 ]; do
		sleep 0.3
		now=$(wc -l <frames)
		still=$((now > 0 && now == ${last:-0} ? still + 1 : 0))
		last=$now
		tries=$((tries + 1))
	done
	tail -1 frames | grep -q idle
}

# start COMMAND ARGUMENT... : the program in a terminal of $size
start() {
	command=$1
	shift
	: >frames
	cat >run <<END
#!/bin/sh
exec '$program' $command --test-fd=3 --test-seed=1 --faces=off $* \
	3>'$work/frames' 2>'$work/errors'
END
	chmod +x run
	xterm -ti vt340 -xrm 'xterm*numColorRegisters: 256' \
		-xrm 'xterm*maxGraphicSize: 2000x2000' \
		-fa 'DejaVu Sans Mono' -fd 'Noto Sans CJK JP' -fs "$points" \
		-geometry "$size+0+0" -e "$work/run" >terminal.log 2>&1 &
	terminal=$!
	check "$language $size $command starts" idle
	window=$(xdotool search --onlyvisible --name '.*' | tail -1)
	xdotool mousemove 200 200
}
stop() {
	xdotool key shift+q
	sleep 0.5
	kill "$terminal" 2>/dev/null
	wait "$terminal" 2>/dev/null
	terminal=
}
# press KEY... : as xdotool names them, one after another
press() {
	for key in "$@"; do
		xdotool key "$key"
		idle
	done
}
# shot NAME
shot() {
	import -window "$window" "$folder/$language-$size-$1.png"
	check "$language $size $1" [ -s "$folder/$language-$size-$1.png" ]
}

review() {
	start review --reviewer=r1 -o project "$samples"
	shot worklist
	press slash b a n n e r Return space
	shot review
	press f
	shot picture
	press 1 e
	shot edit
	press Escape v
	shot tour
	press Escape question
	shot help
	press Escape
	stop
}
training() {
	start train "$here/samples"
	press j j j j j j Return
	shot train
	stop
}
# One output of an approved picture, read by a second person.
quality() {
	LANGUAGE=en "$build/tests/pty/robot" "$program" . 1 0 given \
		"$samples/us_banner.dcm" >robot.log 2>&1
	run apply given
	run qa plan --test-seed=2 --reviewer=q1 given
	start "qa review" --reviewer=q1 given
	shot qa-list
	press space
	shot qa
	stop
	rm -rf given
}

start_server
XDG_CONFIG_HOME=$work/config
XDG_STATE_HOME=$work/state
export XDG_CONFIG_HOME XDG_STATE_HOME
for size in "$@"; do
	case $size in
	80x24) points=12 ;;
	*) points=8 ;;
	esac
	for language in en ja; do
		LANGUAGE=$language
		export LANGUAGE
		rm -rf project
		review
		training
		quality
	done
done
exit $failed
