#!/bin/sh
# workers.sh - the memory of the program with one and with two workers at work.
#
# usage: workers.sh BUILD PATH...
#
# Samples the proportional set size (shared pages count once) and the private
# dirty pages of all processes of `suminuri propose --jobs N PATH...`, and
# prints the largest sums in MiB.
set -u
[ $# -ge 2 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
build=$(cd "$1" && pwd) || exit 2
shift

# tree PID: it and its descendants
tree() {
	echo "$1"
	for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
		tree "$child"
	done
}

# sample PID: "PSS PRIVATE_DIRTY" of the tree in kB; the second without the
# two processes that stay
sample() {
	n=0
	for pid in $(tree "$1"); do
		n=$((n + 1))
		sed "s/^/$n /" /proc/"$pid"/smaps_rollup 2>/dev/null
	done | awk '$2 == "Pss:" { pss += $3 }
		$2 == "Private_Dirty:" && $1 > 2 && $3 > own { own = $3 }
		END { print pss + 0, own + 0 }'
}

echo "| workers | all processes, PSS | a worker alone, private |"
echo "| --- | --- | --- |"
for jobs in 1 2; do
	"$build/suminuri" propose --jobs $jobs "$@" >/dev/null 2>&1 &
	main=$!
	while kill -0 $main 2>/dev/null; do
		sample $main
		sleep .03
	done | awk -v jobs=$jobs '{ if ($1 > pss) pss = $1
		if ($2 > own) own = $2 }
		END { printf "| %d | %.0f MiB | %.0f MiB |\n", jobs,
		      pss / 1024, own / 1024 }'
done
