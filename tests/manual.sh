#!/bin/sh
# manual.sh - man/suminuri.1 says what the program does: its commands, their
# options, the keys, and examples that run.  One "ok" or "not ok" line a case.
set -u
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
page=$(cd "$top_srcdir" && pwd)/man/suminuri.1
samples=$(cd "$top_srcdir" && pwd)/samples/pictures
build=$(cd "$top_builddir" && pwd)
program=$build/suminuri
LC_ALL=C; export LC_ALL

# same WHAT FILE FILE
same() {
	if diff "$2" "$3" >"$dir/difference"; then
		echo "ok $1"
	else
		echo "not ok $1"
		cat "$dir/difference"
		failed=1
	fi
}

# the list of commands, and for each its long options
sed -n '/^The commands are/,/^\.Sh/s/^\.It Cm \([a-z]*\).*/\1/p' "$page" |
	sort -u >"$dir/page"
"$program" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' |
	sort -u >"$dir/program"
same "the same commands" "$dir/page" "$dir/program"

: >"$dir/none"
# In Japanese a stop or comma is no delimiter of mdoc: without Ns a blank comes
# before it, and behind Pq it stands within the brackets.
awk '/^(。|、|）)/ && macro { print FILENAME ":" FNR ": " $0 }
	{ macro = /^\./ }
	macro && / (。|、|）)$/ && !/ Ns (。|、|）)$/ || /^\.(Pq|Dq|Sq|Ql) .*(。|、)$/ {
		print FILENAME ":" FNR ": " $0 }' "$(dirname "$page")/ja/suminuri.1" \
	>"$dir/page"
same "no blank before a Japanese stop" "$dir/page" "$dir/none"

for command in $(cat "$dir/program"); do
	"$program" "$command" --help |
		sed -n 's/.*--\([a-z][a-z-]*\).*/\1/p' |
		grep -vx help | sort -u >"$dir/program"
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page" |
		awk -v want="$command" '
		/^\.Nm/ { in_command = 0 }
		$1 == ".Cm" || $2 == "Cm" {
			if ($2 == want || $3 == want) in_command = 1
		}
		in_command' | grep -o 'Fl Fl [a-z-]*' |
		sed 's/Fl Fl //' | sort -u >"$dir/page"
	same "the same options of $command" "$dir/page" "$dir/program"
done

"$build/man/list_keys" >"$dir/program"
sed -n '/^\.\\" keys$/,/^\.\\" end of keys$/p' "$page" | sed '1d;$d' \
	>"$dir/page"
same "the same keys" "$dir/page" "$dir/program"

# Every member that a command prints stands in suminuri-json(5).
(cd "$top_srcdir/src" && grep -ohE \
	-e 'json_put_[a-z0-9]*\(&?w, "[a-z0-9_]+"' \
	-e 'put_(word|tally|share|agreement)\(&?w, (r, )?"[a-z0-9_]+"' \
	-e '\{ "[a-z0-9_]+", t->[a-z0-9_]+ \}' \
	find/proposal.c exchange/table.c process/deliver.c process/evaluate.c \
	process/qa.c process/rebuilding.c process/single.c record/command.c \
	record/restore.c record/seal.c record/trace.c) |
	grep -oE '"[a-z0-9_]+"' | tr -d '"' | sort -u >"$dir/program"
sed -n 's/^\.\(It \)*Sy //p; s/.* Sy / /p' "$(dirname "$page")/suminuri-json.5" |
	tr -c 'a-z0-9_' '\n' | sort -u >"$dir/page"
if [ "$(wc -l <"$dir/program")" -gt 100 ]; then
	comm -23 "$dir/program" "$dir/page" >"$dir/missing"
	same "suminuri-json(5) tells of every member" "$dir/missing" "$dir/none"
else
	echo "not ok the search for members finds some"
	failed=1
fi

# The page in Japanese has the same synopsis, commands, files, variables and
# keys, and the words of the screen for what each key does.
skeleton() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$1"
	grep -E '^\.It (Cm|Ic|Ev|Pa|Sy)|^suminuri ' "$1"
}
japanese=$(dirname "$page")/ja/suminuri.1
skeleton "$page" >"$dir/program"
skeleton "$japanese" >"$dir/page"
same "the page in Japanese tells of the same" "$dir/page" "$dir/program"
sed -n '/^\.\\" keys$/,/^\.\\" end of keys$/p' "$japanese" >"$dir/page"
if grep -A1 '^\.It Ic' "$dir/page" | grep -v '^\.It\|^--' |
	grep -q '^[ -~]*$'; then
	echo "not ok a key in Japanese: no translation"
	failed=1
else
	echo "ok every key is told of in Japanese"
fi

# the examples, but for those about a review
cp "$samples/us_cine.dcm" "$dir/US_01.dcm"
mkdir "$dir/bin" && ln -s "$program" "$dir/bin/suminuri"
sed -n '/^\.Sh EXAMPLES/,/^\.Sh/s/^suminuri/&/p' "$page" |
	grep -v clearing2026 >"$dir/examples"
while read -r line; do
	if (cd "$dir" && PATH="$dir/bin:$PATH" sh -c "$line" >"$dir/output" \
		2>&1); then
		echo "ok $line"
	else
		echo "not ok $line"
		cat "$dir/output"
		failed=1
	fi
done <"$dir/examples"

if command -v mandoc >/dev/null; then
	for page in "$(dirname "$page")"/*.[15] "$japanese"; do
		mandoc -T lint -W warning "$page" >"$dir/page"
		same "mandoc warns of nothing in ${page##*/}" "$dir/page" \
			"$dir/none"
	done
else
	echo "skip lint: mandoc is missing (package mandoc)"
fi

# no sentence of it runs over the edge of the screen
if command -v groff >/dev/null; then
	LC_ALL=C.UTF-8 groff -K utf8 -mandoc -T utf8 -rLL=78n -w break \
		"$japanese" >"$dir/page" 2>"$dir/long"
	same "groff breaks the Japanese lines" "$dir/long" "$dir/none"
	if grep -q "医用画像" "$dir/page"; then
		echo "ok and shows them"
	else
		echo "not ok and shows them"
		failed=1
	fi
else
	echo "skip breaks: groff is missing (package groff-base)"
fi
exit $failed
