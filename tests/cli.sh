#!/bin/sh
# cli.sh - help, versions and wrong usage of every command.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
work=$(mktemp -d "${TMPDIR:-/tmp}/cli-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
LC_ALL=C.UTF-8
export LC_ALL
failed=0

# expect STATUS WHERE WHAT ARGUMENT... : what it returns, and that it writes to
# WHERE (out or err) only
expect() {
	want=$1 where=$2 what=$3
	shift 3
	"$program" "$@" >out 2>err </dev/null
	status=$?
	other=out
	if [ "$where" = out ]; then other=err; fi
	if [ $status -eq "$want" ] && [ -s $where ] && [ ! -s $other ]; then
		echo "ok $what"
	else
		echo "not ok $what: status $status"
		head -3 out err
		failed=1
	fi
}

expect 0 out "help" --help
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' out)
if [ -z "$commands" ]; then
	echo "not ok commands are listed"
	failed=1
fi
# narrow NAME : no line of out is wider than a terminal of 80 columns
narrow() {
	if [ "$(LC_ALL=C.UTF-8 wc -L <out)" -gt 80 ]; then
		echo "not ok $1: a line is wider than 80 columns"
		failed=1
	fi
}
narrow --help
for command in $commands; do
	expect 0 out "$command --help" "$command" --help
	narrow "$command --help"
	expect 0 out "$command -h" "$command" -h
	expect 2 err "$command with an unknown option" "$command" --no-such
	if ! grep -q "^suminuri: $command: --no-such: unknown option: see" err
	then
		echo "not ok $command: the message about it"
		failed=1
	fi
done
expect 0 out "version" version
cp out version.out
expect 0 out "--version" --version
if cmp -s out version.out; then
	echo "ok --version is version"
else
	echo "not ok --version is version"
	failed=1
fi
expect 2 err "version with an argument" version x
expect 2 err "no argument at all"
# says TEXT : the last message has it
says() {
	if grep -qF -e "$1" err; then
		echo "ok it says: $1"
	else
		echo "not ok it says: $1"
		cat err
		failed=1
	fi
}
# what the profile of PS3.15 does not offer is refused with the reason
for option in graphics structured; do
	for command in "tags in" "mask --clean in out"; do
		expect 2 err "$command with ps315+$option" $command \
			--tags "ps315+uids+$option"
		says "clean $option"
		says "is not offered: "
	done
done
expect 2 err "an option of another profile" tags in --tags mhlw+private
says "+descriptors +private, +full-dates or +modified-dates"
# the reviewer's own keys: wrong ones end the program before anything else
XDG_CONFIG_HOME=$work/config; export XDG_CONFIG_HOME
mkdir -p config/suminuri
printf 'review o undo\nreview o redo\n' >config/suminuri/keys
expect 2 err "a key bound twice" review --reviewer r1 -o keyed .
says "keys:2: o is bound in review already, in line 1"
"$program" doctor --lang eng >out 2>err
if [ $? -eq 1 ] && grep -q "^broken: keys: .*keys:2: " out; then
	echo "ok doctor tells of wrong keys"
else
	echo "not ok doctor tells of wrong keys"
	failed=1
fi
printf 'review o undo\n' >config/suminuri/keys
"$program" doctor --lang eng >out 2>err
if grep -q "^ok: keys: your own are read: .*config/suminuri/keys" out; then
	echo "ok doctor tells of keys"
else
	echo "not ok doctor tells of keys"
	failed=1
fi
rm config/suminuri/keys
expect 2 err "an unknown option first" --bogus
says "suminuri: review: --bogus: unknown option: see 'suminuri review --help'"
expect 2 err "neither a command nor a file" bogus
says "suminuri: bogus: neither a command nor a file"
expect 2 err "train without its folder" train no-such-deck
says "suminuri: no-such-deck: No such file or directory"
echo junk >junk
: >empty
echo '{"v":1,"boxes":[{"x":1}]}' >half
for file in junk empty half; do
	expect 2 err "review with $file for proposals" review -p $file .
	says "suminuri: review: $file: "
done
# a name that a shell found for the user may hold orders to the terminal
name=$(printf 'a\302\233\177\033[2J\302\200b')
: >"$name"
for run in "propose NAME" "mask NAME copy --clean" "tags NAME" \
	"trace NAME" "verify NAME NAME --boxes half"; do
	# shellcheck disable=SC2086 # words of their own
	set -- $run
	for word; do
		shift
		[ "$word" = NAME ] && word=$name
		set -- "$@" "$word"
	done
	"$program" "$@" >said 2>&1 </dev/null
	if [ $? -gt 3 ] || [ ! -s said ] || LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' said
	then
		echo "not ok $run: a name steers the terminal"
		cat -v said
		failed=1
	else
		echo "ok $run: a name steers no terminal"
	fi
done
expect 2 err "propose without a path" propose
expect 2 err "the zygote's verb alone" --zygote eng 0
"$program" version >&- 2>&-
if [ $? -eq 4 ]; then
	echo "ok version with nowhere to write gives 4"
else
	echo "not ok version with nowhere to write"
	failed=1
fi
exit $failed
