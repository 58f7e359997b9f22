# readers.sh - a picture that one reader decides and another one reads again,
# by keys; sourced after start.sh by second.sh and fhir.sh.  The project is p,
# of the folder in, with a policy that asks for a technologist.
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS

# play NAME WHAT : the script on standard input
play() {
	cat >"$1.keys"
	check "$2" "$build/tests/pty/play" "$program" "$work/home" "$1.keys"
}
# The picture has nothing to mask: all that there is to see is looked at.
seen='until \s SPC blocked
key v
until \s SPC blocked: faces not checked
key v
until \s tour done
key F'
review="run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1"
second="run qa review --test-fd=3 --test-seed=1 --graphics=sextant"
second="$second --mode=second"

first_decides() {
	mkdir in home
	cp "$samples/plain.jpg" in/1.jpg
	play make "a project" <<-END
	terminal 80 24
	$review -o $work/p $work/in
	expect 1 items
	key Q
	exit 0
	END
	printf 'second = technologist\n' >>p/private/policy.ini
	play decide "W releases nothing that waits" <<-END
	terminal 120 40
	$review $work/p
	expect 1 items
	key \s
	$seen
	key Z
	expect clean 1
	key W
	expect waits for a second reader
	key Q
	exit 0
	END
}

# second_agrees SEEN ARGUMENT... : how he sees all of it, who he is
second_agrees() {
	look=$1
	shift
	play agree "the second reader agrees" <<-END
	terminal 120 40
	$second $* $work/p
	expect masked copies
	key \s
	expect SECOND READER
	$look
	key Z
	expect that was all: Q leaves
	key Q
	exit 0
	END
}
