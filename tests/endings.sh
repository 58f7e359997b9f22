#!/bin/sh
# endings.sh - seal, egress, erase and key are shot before a system call, or
# one fails: what has a bundle's name is whole, the log holds, and the same
# command again ends it.  Some calls of each; `make nightly` takes every one.
. "$top_srcdir/tests/start.sh"
inject="timeout -k 5 90 $build/tests/inject"
never=120
$inject EIO 1000000 once true
if [ $? -ne $never ]; then
	echo "skip endings: nobody may trace programs here"
	exit 77
fi
case ${SUMI_LONG:-} in
2) stride=1 ;;
*) stride=127 ;;
esac

cp "$samples/us_banner.dcm" "$samples/plain.jpg" . || exit 99
check "a review" "$build/tests/pty/robot" "$program" . 4 0 ready \
	us_banner.dcm plain.jpg
run apply ready
run key show ready
cp out kept.pub
name=$(head -n 1 ready/private/log/checkpoint)
item=$(grep -ho '"item":"[0-9a-f]*"' ready/private/log/0*.jsonl | head -n 1 |
	cut -d '"' -f 4)

not_ok() {
	echo "not ok $1"
	tail -n 5 out err
	failed=1
}
# holds ARGUMENT... : it ends 0
holds() {
	run "$@"
	[ $status -eq 0 ] || not_ok "$where: $1 $2 ended $status"
}

# seal, egress, item, all, key: the command; and what is there after it
do_seal() { "$@" "$program" seal -o gate p; }
do_egress() { "$@" "$program" seal -o gate -t joint-use -b IRB-2026-14 p; }
do_item() { "$@" "$program" erase --log="$name" --item="$item" p; }
do_all() { "$@" "$program" erase --log="$name" p; }
do_key() { "$@" "$program" key new p; }

bundles_hold() {
	for bundle in gate/bundle-????????-??? gate/egress-????????-???; do
		[ ! -e "$bundle" ] ||
			(cd "$bundle" && sha256sum -c --quiet SHA256SUMS) ||
			not_ok "$where: $bundle"
	done
	for bundle in gate/bundle-????????-???; do
		[ ! -e "$bundle" ] ||
			holds restore --check "$bundle" -k kept.pub
	done
}
has_bundle() {
	bundles_hold
	[ -n "$(ls gate | grep -E "^$1-[0-9]{8}-[0-9]{3}\$")" ] ||
		not_ok "$where: no $1"
}
end_seal() { has_bundle bundle; }
end_egress() { has_bundle egress; }
end_item() {
	holds log check -k kept.pub -w said p
	for paper in p/private/certificates/*; do
		holds log check -k kept.pub -w "$paper" p
	done
	[ -z "$(ls p/private/masks | grep "^$item")" ] ||
		not_ok "$where: boxes are left"
	holds verify p
}
end_all() {
	holds log check -k kept.pub -w said p
	for left in worklist.db worklist.db-wal keys/master keys/log.key \
		table.jsonl recall.csv; do
		[ ! -e "p/private/$left" ] || not_ok "$where: $left is left"
	done
	[ -z "$(ls p/private/masks p/private/staged | grep json)" ] ||
		not_ok "$where: boxes are left"
}
end_key() { holds verify p; }

# fails KIND ERROR MANNER START : each stride-th call
fails() {
	n=$4
	runs=0
	while :; do
		chmod -R u+w gate p 2>err
		rm -rf gate p
		mkdir gate && cp -a ready p || exit 99
		"do_$1" $inject "$2" "$n" "$3" >said 2>err
		ended=$?
		[ $ended -eq $never ] && break
		runs=$((runs + 1))
		where="$1, $2 $3 at call $n (ended $ended)"
		[ $ended -ge 124 ] && [ "$2" != KILL ] && not_ok "$where"
		# the log of a project whose erasure began
		holds log check -k kept.pub p
		bundles_hold
		[ $ended -ne 0 ] || "end_$1"
		"do_$1" env >said 2>err || not_ok "$where: again"
		cp said out
		holds log check -k kept.pub p
		"end_$1"
		[ $failed -eq 0 ] || return
		n=$((n + stride))
	done
	[ $runs -ge 1 ] || not_ok "$1, $2 $3: no call"
	echo "ok $1, $2 $3: $runs calls"
}

start=1
for kind in seal egress item all key; do
	for fault in 'KILL once' 'ENOSPC on' 'EIO once' 'EMFILE once' \
		'SHORT once'; do
		# shellcheck disable=SC2086 # two words
		[ $failed -eq 0 ] && fails $kind $fault $start
		start=$((start % 7 + 1))
	done
done
exit $failed
