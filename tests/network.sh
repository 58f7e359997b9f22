#!/bin/sh
# network.sh - the program makes no connection: nothing of ours can ask for
# one, nothing that is run asks for one, all works alike where there is no
# network, and a process that reads files and asks is killed (the last in
# check_sandbox and planted.sh).
. "$top_srcdir/tests/start.sh"

# ---- 1: no object of ours imports a function that connects ----
calls='socket|connect|bind|listen|accept4?|getaddrinfo|gethostby[a-z0-9_]*'
calls="($calls|getnameinfo|res_[a-z]+|__res_[a-z]+|curl_[a-z_]+|gethostid)"
imports() {
	for file; do
		nm -A -u "$file"
	done | grep -E " U _*$calls(@.*)?\$"
}
echo 'int socket(int, int, int); int f(void) { return socket(1, 1, 0); }' >c.c
if ${CC:-cc} -c c.c -o c.o 2>cc.log; then
	imports c.o >found
	check "the search for imports finds one" [ -s found ]
else
	echo "skip the control of imports: no compiler"
fi
imports "$build"/lib*.a "$build"/src/main.o | grep -v libtest.a >found
check "no object of ours imports a call that connects" none found
nm -D -u "$build/suminuri" | grep -E " U _*$calls(@.*)?\$" >found
check "the program imports none" none found

# ---- what is run ----
head -c 32 /dev/zero >key

# everything NAME COMMAND... : the program under COMMAND, into folder NAME
everything() {
	mkdir -p "$1/out"
	to=$1
	shift
	"$@" "$build/suminuri" doctor >"$to/doctor" 2>&1 </dev/null
	"$@" "$build/suminuri" propose "$samples/us_banner.dcm" \
		"$samples/form_ja.png" "$samples/plain.jpg" \
		>"$to/boxes" 2>"$to/said" </dev/null
	echo $? >"$to/status"
	for name in us_banner.dcm form_ja.png plain.jpg; do
		"$@" "$build/suminuri" mask "$samples/$name" "$to/out/$name" \
			--box 2,2,40,20 --key key >>"$to/masked" \
			2>>"$to/said" </dev/null
		echo $? >>"$to/status"
		"$@" "$build/suminuri" verify "$samples/$name" \
			"$to/out/$name" --boxes "$to/boxes" \
			>/dev/null 2>>"$to/said" </dev/null
		echo $? >>"$to/status"
	done
}

# same NAME : all of it is as in the folder free
same() {
	for file in boxes masked status said; do
		cmp free/$file "$1/$file" || return 1
	done
	diff -r free/out "$1/out"
}

everything free env
check "it works at all" is "$(sort -u free/status | tr '\n' ' ')" "0 1 "

# ---- 2: no call is made; whoever makes one is killed ----
"$build/tests/lacking" network -- bash -c \
	'exec 3<>/dev/tcp/127.0.0.1/9' >/dev/null 2>&1
check "the control is killed" is $? 159
everything killed "$build/tests/lacking" network --
check "no call asks for a socket" same killed
# Every command but review; P is a project, L one whose worklist is lost; @ is
# the name of P's log.
cat >orders <<END
apply P
verify P
log check P
log show P
log export P
key show P
witness export P
witness cosign -W w -n ward -k keys request
seal -o vault P
restore --check vault/bundle-*
trace P/out/pictures/*.jpg P
layout list P
review --plain --reviewer=r1 --project P review
export json P
import coco coco
tags media/IMG
qa plan P --reviewer q1
qa report P
train report
log export --format=csv P
log export --format=fhir P
seal -o vault --recipient=internal --basis=b-1 P
restore --check --project P vault/bundle-*
rebuild L review
propose --project L review
propose media/DICOMDIR
mask review/plain.jpg P.jpg --box 2,2,40,20
verify review/plain.jpg P.jpg --boxes boxes
eval --truth $here/samples/truth $samples/plain.jpg
doctor
version
withdraw P/out/pictures/*.jpg P
erase P --log @
--help
END
"$build/suminuri" --help |
	sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' | grep -vx review >commands
check "the commands are known" [ -s commands ]
cut -d ' ' -f 1 orders | sort -u | grep -vxFf - commands >found
check "every command is tried" none found

coco='{"images":[{"id":1,"file_name":"a","width":9,"height":9}],'
coco=$coco'"categories":[{"id":1,"name":"name"}],'
coco=$coco'"annotations":[{"image_id":1,"category_id":1,"bbox":[1,1,4,4]}]}'
# each PROGRAM : the commands by it, in projects of its name
each() {
	rm -rf L P.jpg w
	cp -a lost L
	mkdir vault
	check "$1: review" "$build/tests/pty/robot" "./$1" . 1 0 P review
	"$build/suminuri" witness export P >request
	"$build/suminuri" key show P >keys
	rm -f coco
	printf "%s" "$coco" >coco
	while read -r order; do
		[ ! -d P/private ] ||
			name=$(head -n 1 P/private/log/checkpoint)
		order=$(echo "$order" | sed "s,@,$name,")
		# shellcheck disable=SC2086 # words
		check "$1: $order" "./$1" $order </dev/null
	done <orders
	chmod -R u+w vault
	rm -rf P L vault
}
mkdir review media
cp "$samples/plain.jpg" review
"$build/tests/hostile/make_hostile" media >table 2>&1
cp media/media/plain/DICOMDIR media/media/plain/IMG media
cat >walled <<-END
	#!/bin/sh
	exec "$build/tests/lacking" network -- "$build/suminuri" "\$@"
END
chmod +x walled
"$build/suminuri" propose --project lost --reviewer r1 review >lines 2>&1
rm lost/private/worklist.db
printf '{"v":1,"boxes":[{"x":2,"y":2,"w":40,"h":20}]}\n' >boxes
each walled

calls=socket,connect,bind,listen,accept,accept4,io_uring_setup
if strace -f -qq -o control -e trace=$calls bash -c \
	'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null; [ -s control ]; then
	check "strace sees a call that is made" grep -qE ' socket\(' control
	everything traced strace -f -qq -A -o trace -e trace=$calls
	grep -E " ($(echo $calls | tr , '|'))\(" trace >found
	check "strace sees no such call" none found
	check "strace changes nothing" same traced
	cat >watched <<-END
		#!/bin/sh
		exec strace -f -q -A -o "$work/trace" -e trace=$calls \\
			"$build/suminuri" "\$@"
	END
	chmod +x watched
	: >trace
	each watched
	check "it saw processes" grep -q exited trace
	grep -E " ($(echo $calls | tr , '|'))\(" trace >found
	check "strace sees no such call in any command" none found
else
	echo "skip strace: it is missing or may not trace"
fi

# ---- 3: without a network ----
if unshare -rn true 2>/dev/null; then
	everything alone unshare -rn
	check "all is the same without a network" same alone
	if [ -n "${SUMI_LONG:-}" ]; then
		cd "$build" || exit 99
		for name in cli mask propose pty japanese; do
			check "without a network: $name.sh" unshare -rn \
				sh "$here/tests/$name.sh"
		done
	fi
else
	echo "skip unshare: it can't make a network of its own here"
fi
exit $failed
