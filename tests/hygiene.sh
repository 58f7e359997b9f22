#!/bin/sh
# hygiene.sh - what the program leaves on a machine and what it lets in: modes,
# places it writes to, links in a project, special files, odd names, swap.
. "$top_srcdir/tests/start.sh"
trap 'umount "$work/fixed" 2>/dev/null; rm -rf "$work"' EXIT

# ---- where it writes, and with which modes ----
mkdir home tmp in o
cp "$samples/plain.jpg" "$samples/us_banner.dcm" in
printf '#!/bin/sh\nexec "%s" "$@"\n' "$build/suminuri" >program
chmod +x program
before=$(umask)
umask 000
HOME=$work/home TMPDIR=$work/tmp
export HOME TMPDIR
run mask in/plain.jpg o/plain.jpg --clean
check "a copy can be read by its owner only" is "$(stat -c %a o/plain.jpg)" 600
check "a review" "$build/tests/pty/robot" ./program . 1 0 project in
run apply project
check "its outputs are released" is $status 0
umask "$before"
check "folders below out are for owner and group" is \
	"$(find project/out -type d -printf '%m\n' | sort -u)" 2750
check "outputs too" is \
	"$(find project/out -type f -printf '%m\n' | sort -u)" 640
check "the rest is for the owner" is \
	"$(find project/private -type d ! -perm 700 -o -type f ! -perm 600)" ""
check "nothing is written to TMPDIR" is "$(ls -A tmp)" ""
check "nothing is written to HOME" is "$(ls -A home)" ""
# made COMMAND... : what it opens to write, makes or names outside of other
made() {
	strace -f -qq -y -o trace -e trace=%file "$@" >out 2>err </dev/null
	status=$?
	grep -E 'O_WRONLY|O_RDWR|O_CREAT|(mkdir|mknod|rename|link)(at2?)?\(' \
		trace | grep -vF -e "$work/other" -e 'mkdir("other"' \
		-e '"/dev/null"' -e '"/dev/tty"' -e readlink >found
}
if strace -qq -o trace true 2>/dev/null; then
	made sh -c ': >elsewhere'
	check "the search for made files finds one" [ -s found ]
	made "$build/suminuri" propose --project=other --reviewer=r1 in
	check "propose for a project, traced" is $status 0
	check "a file is made in the project only" none found
else
	echo "skip what strace would see: it is missing or may not trace"
fi

# ---- a project whose parts are links leads nowhere else ----
# linked PART : a project in which PART is a link to what was there
linked() {
	rm -rf copy away
	cp -a project copy
	mv "copy/$1" away
	ln -s ../away "copy/$1"
	[ -e "copy/$1" ] || { rm "copy/$1"; ln -s "$work/away" "copy/$1"; }
	find away -type f -exec sha256sum {} + | sort >sums
	run apply copy
	[ $status -ne 0 ] || { echo "apply went on"; return 1; }
	find away -type f -exec sha256sum {} + | sort >sums.after
	cmp sums sums.after
}
cp -a project sound
for part in out private private/log private/log/00000001.jsonl \
	private/log/head private/masks private/staged private/keys \
	private/keys/master private/policy.ini private/worklist.db; do
	check "no work in a project with a link for $part" linked "$part"
done
run apply sound
check "without links it goes on" is $status 0

# ---- special files and names ----
mkdir odd
mkfifo odd/fifo
ln -s "$samples/plain.jpg" odd/link
ln -s loop odd/loop
ln -s "$samples" odd/folder
cp "$samples/plain.jpg" "$(printf 'odd/a\033]0;title\007\033[2J.jpg')"
cp "$samples/plain.jpg" "$(printf 'odd/b\377\376.jpg')"
run propose odd
check "a folder with odd names is read" is $status 0
check "links and special files in it are left" is "$(wc -l <out)" 2
check "no control reaches standard output" \
	sh -c '! LC_ALL=C grep -qP "[\x01-\x09\x0b-\x1f\x7f]" out'
check "a name that is no UTF-8 stands in base64 too" has out '"file_b64":'
cat >odd.keys <<'END'
terminal 120 40
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 -o oddities odd
expect 2 items
expect a]0;title[2J.jpg
lacks HOSTILE
key \s
expect REVIEW
expect a]0;title[2J.jpg
until n REVIEW 2/2
until b 2 items
expect 2 items
until Q
exit 0
restored
END
SAMPLES=$samples SCREENS=$work
export SAMPLES SCREENS
check "names on the screen are no orders to the terminal" \
	"$build/tests/pty/play" "$build/suminuri" . odd.keys
run propose odd/fifo
check "a named FIFO is refused" has out '"code":"special-file"'
run propose /dev/zero
check "a named device is refused" has out '"code":"special-file"'
run propose odd/loop
check "a link to itself is refused" has out '"code":"unreadable"'
run propose odd/link
check "a named link is followed" is $status 0
# A name that is kept is one nobody should have to trust.
cat >kept.keys <<'END'
terminal 120 40
run review --test-fd=3 --test-seed=1 --graphics=sextant --keep-names --reviewer=r1 -o namely odd
expect 2 items
until Q
exit 0
END
check "a review that keeps names" \
	"$build/tests/pty/play" "$build/suminuri" . kept.keys
check "it is finished" "$build/tests/pty/robot" ./program . 1 0 namely odd
run apply namely
check "apply ends" is $status 0
check "each output has its line" is "$(grep -c '"output":"released"' out)" 2
check "a kept name that is no UTF-8 stands in base64" has out \
	"\"file_b64\":\"$(printf 'b\377\376.jpg' | base64)\""
check "no control of a kept name reaches standard output" \
	sh -c '! LC_ALL=C grep -qP "[\x01-\x09\x0b-\x1f\x7f]" out'
run verify namely
check "what has such a name verifies" is $status 0
# ---- a project that is only to be read ----
mkdir fixed
if mount --bind project fixed 2>/dev/null; then
	mount -o remount,bind,ro fixed
	run verify fixed
	check "verify reads a read-only project" is $status 0
	run log check fixed
	check "log check too" is $status 0
	for command in "apply fixed" "rebuild fixed in" \
		"propose --project fixed in"; do
		# shellcheck disable=SC2086 # words
		run $command
		check "$command can not write" is $status 4
		check "it says why" has err 'Read-only file system'
	done
	umount fixed
else
	echo "skip a read-only project: nothing can be mounted here"
fi
# ---- what was found is read where it was found ----
mkdir from kept
cp "$samples/plain.jpg" from
check "a review of a folder" "$build/tests/pty/robot" ./program . 1 0 beneath from
run apply beneath
check "its output" is $status 0
cp from/plain.jpg kept
ln -sf ../kept/plain.jpg from/plain.jpg
run verify beneath
check "a found file that became a link is not followed" has out '"unchecked":1'
mv from moved
ln -s kept from
run verify beneath
check "the folder that was named may be one" has out '"unchecked":0'
run propose "$(printf 'nothing\033[2J\033]52;c;YQ==\007')"
check "a name is no order to the terminal" \
	sh -c '! LC_ALL=C grep -qP "[\x01-\x09\x0b-\x1f\x7f]" err'

# ---- no core, even where they are wanted ----
ulimit -c unlimited 2>/dev/null
"$build/suminuri" propose in >out 2>err </dev/null &
pid=$!
# a busy machine starts it late
for try in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '^Max core file size *0 ' /proc/$pid/limits && break
	sleep 0.05
done
kill -STOP $pid
check "there is no limit that lets a core be written" grep -q \
	'^Max core file size *0 *0 ' /proc/$pid/limits
kill -SEGV $pid
kill -CONT $pid
wait $pid
check "it dies" is $? 139
check "and leaves no core" is "$(find . -name 'core*')" ""

# ---- swap ----
cat >swaps <<'END'
Filename				Type		Size		Used		Priority
/dev/sda2                               partition	1000		0		-2
END
if unshare -rm sh -c "mount --bind swaps /proc/swaps" 2>/dev/null; then
	unshare -rm sh -c "mount --bind swaps /proc/swaps &&
		'$build/suminuri' doctor" >out 2>err
	check "doctor warns of swap" has out 'less: swap: swap is on'
	sed -i s,/dev/sda2,/dev/zram0, swaps
	unshare -rm sh -c "mount --bind swaps /proc/swaps &&
		'$build/suminuri' doctor" >out 2>err
	check "but not of swap in memory" has out 'ok: swap: '
else
	echo "skip swap: nothing can be mounted here"
fi

# ---- memory ----
cat >meminfo <<'END'
MemTotal:       16000000 kB
MemFree:          200000 kB
MemAvailable:    8192000 kB
END
if unshare -rm sh -c "mount --bind meminfo /proc/meminfo" 2>/dev/null; then
	unshare -rm sh -c "mount --bind meminfo /proc/meminfo &&
		'$build/suminuri' doctor" >out 2>err
	check "doctor counts what is only a cache as free" has out \
		'ok: memory: 8000 MB free'
else
	echo "skip memory: nothing can be mounted here"
fi

# ---- which layers of the sandbox work is said ----
for lacks in seccomp landlock 'seccomp landlock'; do
	"$build/tests/lacking" $lacks -- "$build/suminuri" doctor \
		>out 2>err </dev/null
	check "doctor works without $lacks" is $? 0
	check "and says what is missing" has out 'less: sandbox: '
	"$build/tests/lacking" $lacks -- "$build/suminuri" propose \
		--project=less --reviewer=r1 in >out 2>err </dev/null
	check "propose works without $lacks" is $? 0
	"$build/suminuri" log show less >log
	case $lacks in
	*' '*) words=limits ;;
	seccomp) words='limits+landlock[0-9]*' ;;
	*) words=limits+seccomp ;;
	esac
	check "the log says so" grep -q "session.open .*workers: $words\$" log
	rm -rf less
done
exit $failed
