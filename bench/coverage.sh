#!/bin/sh
# coverage.sh - how much of the identifiers of a set of pictures with known
# answers `suminuri propose` covers.
#
# usage: coverage.sh DATA [SUMINURI [score.py options]]
#
# DATA holds gt/PATH.json for each picture PATH, and tools/score.py, which is
# the rule.  Prints its table; ends 1 when fewer than .85 of the identifier
# boxes are covered by four fifths or more than 20 files miss one.
set -u
[ $# -ge 1 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
data=$(cd "$1" && pwd) || exit 2
suminuri=${2:-./suminuri}
case $suminuri in */*) suminuri=$(cd "$(dirname "$suminuri")" && pwd)/${suminuri##*/};; esac
shift; [ $# -eq 0 ] || shift
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

cd "$data" || exit 2
find gt -name '*.json' | sed 's,^gt/,,; s,\.json$,,' | sort > "$dir/files"
tr '\n' '\0' < "$dir/files" |
	xargs -0 "$suminuri" propose > "$dir/proposals"
python3 tools/score.py . "$dir/proposals" "$@" > "$dir/table" || exit 99
cat "$dir/table"
awk '$1 == "ALL" { seen = 1; if ($4 < .85 || $8 > 20) bad = 1 }
     END { exit !seen || bad }' "$dir/table"
