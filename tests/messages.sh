#!/bin/sh
# messages.sh - every message of the sources is translated, and nothing is
# translated that is gone.  One "ok" or "not ok" line a case.
set -u
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# verdict WHAT LINES : none may be there
verdict() {
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n%s\n' "$1" "$2"
		failed=1
	fi
}

if ! command -v xgettext >/dev/null; then
	echo "skip messages: xgettext is missing (package gettext)"
	exit 77
fi
cd "$top_srcdir" || exit 99

find src ui ocr \( -name '*.c' -o -name '*.cc' -o -name '*.h' \) -exec \
	grep -lE '\<(_|N_|P_)\(' {} + |
	grep -v '^src/base/i18n\.h$' | sort >"$dir/with"
sort po/POTFILES.in >"$dir/named"
verdict "po/POTFILES.in names every file with messages" \
	"$(comm -23 "$dir/with" "$dir/named")"
verdict "po/POTFILES.in names no other" \
	"$(comm -13 "$dir/with" "$dir/named")"

xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 \
	--package-name=suminuri -f po/POTFILES.in -o "$dir/all.pot" || exit 1
verdict "every message is translated" \
	"$(LC_ALL=C msgcmp po/ja.po "$dir/all.pot" 2>&1)"
verdict "no translation is doubtful" \
	"$(LC_ALL=C msgattrib --only-fuzzy po/ja.po)"
verdict "no translation is left over" \
	"$(LC_ALL=C msgattrib --only-obsolete po/ja.po)"
verdict "formats agree" \
	"$(LC_ALL=C msgfmt --check -o /dev/null po/ja.po 2>&1)"
exit $failed
