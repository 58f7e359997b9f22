# start.sh - how scripts that try the whole program begin; sourced:
#
#	. "$top_srcdir/tests/start.sh"
#
# It leaves them in an empty folder $work that is removed at the end, with
# $here (the source), $build, $program, $samples and $data (empty: no real
# pictures here) as absolute paths, a locale that is always there, and $failed,
# which is their exit status.
set -u
here=$(cd "$top_srcdir" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
program=$build/suminuri
samples=$here/samples/pictures
data=$(cd "${SUMI_DATA:-$here/../shared/data}" 2>/dev/null && pwd) || data=
work=$(mktemp -d "${TMPDIR:-/tmp}/$(basename "$0" .sh)-XXXXXX") || exit 99
# a sealed bundle has folders that nobody may write to
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 99
unset NO_COLOR COLORTERM LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL
failed=0

# check WHAT COMMAND... : "ok" when the command succeeds
check() {
	what=$1
	shift
	if "$@" >check.log 2>&1; then
		echo "ok $what"
	else
		echo "not ok $what"
		cat check.log
		failed=1
	fi
}
# is GOT WANT
is() { [ "$1" = "$2" ] || { echo "got: $1"; echo "want: $2"; return 1; }; }
# has FILE TEXT
has() { grep -qF -- "$2" "$1" || { cat "$1"; return 1; }; }
# none FILE : it is empty
none() { [ ! -s "$1" ] || { cat "$1"; return 1; }; }
# run ARGUMENT... : the program; leaves out, err, status
run() {
	"$program" "$@" >out 2>err </dev/null
	status=$?
}
