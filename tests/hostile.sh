#!/bin/sh
# hostile.sh - files that lie, burst, cut off, loop or talk to the terminal
# (tests/hostile): propose, mask and verify say exactly what the table of
# make_hostile says, each within 20 seconds; none of them crashes, leaves
# anything behind a refusal, or says a found name or an escape byte.
set -u
program=$(cd "$top_builddir" && pwd)/suminuri
make=$(cd "$top_builddir" && pwd)/tests/hostile/make_hostile
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C.UTF-8
TMPDIR=$dir/tmp
export LC_ALL TMPDIR
failed=0
limit=20
mkdir "$dir/set" "$dir/out" "$dir/tmp"
printf '{"v":1,"boxes":[{"x":0,"y":0,"w":3,"h":2}]}\n' >"$dir/boxes"
cd "$dir/set" || exit 99
"$make" . >"$dir/table" || exit 99
tab=$(printf '\t')

# result NAME : ok when the file of faults is empty
result() {
	if [ -s "$dir/faults" ]; then
		echo "not ok $1"
		cat "$dir/faults"
		failed=1
	else
		echo "ok $1"
	fi
}

# What a line of propose comes to: COLUMNSxROWSxFRAMES or a code.
outcome() {
	sed -n -e 's/.*"refused":{"code":"\([^"]*\)".*/\1/p' \
		-e 's/.*"columns":\([0-9]*\),"rows":\([0-9]*\),"frames":\([0-9]*\).*/\1x\2x\3/p'
}

cut -f2 "$dir/table" | sort | uniq -c | awk '$1 < 8' >"$dir/faults"
result "$(wc -l <"$dir/table") cases, 8 or more of each class"

# All that lie in the folder, in one run: the order is that of the numbers.
# What lies in media/ is for the DICOMDIRs there.
grep "${tab}found$tab" "$dir/table" >"$dir/found"
"$program" propose --jobs 2 . >"$dir/lines" 2>"$dir/said" </dev/null
status=$?
grep -v -e '"file":"./linked"' -e '"file":"./media/' "$dir/lines" | outcome >"$dir/outcomes"
cut -f4 "$dir/found" | paste - "$dir/outcomes" |
	paste - "$dir/found" | awk -F "$tab" '$1 != $2' >"$dir/faults"
result "propose of the folder says what the table says"
grep marks-2400 "$dir/lines" | grep -q '"x":0,"y":0,"w":2400,"h":2400' &&
	: >"$dir/faults" || echo "no such box" >"$dir/faults"
result "a picture of more marks than are kept gets one box over all"
[ $status = 3 ] && : >"$dir/faults" || echo $status >"$dir/faults"
result "it ends 3"
grep -a -e HOSTILE -e "$(printf '\033')" -e "$(printf '\302\233')" \
	"$dir/said" >"$dir/faults"
grep -av '^suminuri: [.]#[0-9]*: ' "$dir/said" >>"$dir/faults"
result "its messages name nothing that was found, and hold no escape"

# one ARGUMENT... : within the limit; status, one, said
one() {
	timeout -s KILL $limit "$program" "$@" >"$dir/one" 2>"$dir/said" \
		</dev/null
	status=$?
}

# All that propose said, as the table puts it.
outcomes() {
	outcome <"$dir/one" >"$dir/codes"
	[ -s "$dir/codes" ] || echo none >"$dir/codes"
	uniq -c "$dir/codes" | awk '
		{ n += $1; all = all (NR > 1 ? "," : "") $2; one = $2 }
		$1 > 1 && $1 < 10 {
			for (i = 1; i < $1; i++) all = all "," $2 }
		END { print (NR == 1 && n >= 10) ? one "*" n : all }'
}

: >"$dir/wrong"
: >"$dir/left"
: >"$dir/escapes"
: >"$dir/unproved"
while IFS=$tab read -r name class how code masked; do
	file=$(printf '%bx' "$name")
	file=${file%x}
	case $file in /*) ;; *) file=./$file ;; esac
	if [ "$how" = named ]; then
		one propose "$file"
		got=$(outcomes)
		[ "$got" = "$code" ] ||
			echo "$name: propose: $got, exit $status" >>"$dir/wrong"
	fi
	one mask "$file" "$dir/out/x" --box=0,0,3,2
	if [ "$masked" = ok ]; then
		[ $status = 0 ] || echo "$name: mask: exit $status" \
			"$(outcome <"$dir/one")" >>"$dir/wrong"
		[ $status != 0 ] || {
			one verify "$file" "$dir/out/x" --boxes="$dir/boxes"
			[ $status = 0 ] || echo "$name" >>"$dir/unproved"
		}
		rm -f "$dir/out/x"
	else
		got=$(outcome <"$dir/one")
		[ "$got $status" = "$masked 3" ] ||
			echo "$name: mask: $got, exit $status" >>"$dir/wrong"
	fi
	ls -A "$dir/out" "$dir/tmp" | grep -v ':$' | grep . |
		sed "s|^|$name: |" >>"$dir/left"
	grep -aq -e "$(printf '\033')" -e "$(printf '\302\233')" \
		"$dir/said" && echo "$name" >>"$dir/escapes"
	rm -rf "$dir/out" "$dir/tmp"
	mkdir "$dir/out" "$dir/tmp"
done <"$dir/table"

mv "$dir/wrong" "$dir/faults"
result "mask of each ends as the table says, within $limit s"
mv "$dir/unproved" "$dir/faults"
result "verify proves each copy that was made"
mv "$dir/left" "$dir/faults"
result "nothing is left on disk"
mv "$dir/escapes" "$dir/faults"
result "no message holds an escape"
exit $failed
