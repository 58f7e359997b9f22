#!/bin/sh
# samples.sh - samples/make_samples draws exactly what is in samples/, and
# nothing is there that it does not draw.  One "ok" or "not ok" line a file.
set -u
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

"$top_builddir/samples/make_samples" "$dir" || exit 1
for below in pictures truth; do
	names=$( (cd "$dir/$below" && ls; cd "$OLDPWD" &&
		cd "$top_srcdir/samples/$below" && ls) | sort -u)
	for name in $names; do
		if cmp "$dir/$below/$name" \
			"$top_srcdir/samples/$below/$name"; then
			echo "ok $below/$name"
		else
			echo "not ok $below/$name"
			failed=1
		fi
	done
done
exit $failed
