#!/bin/sh
# exchange.sh - what `export` gives of a reviewed project: nothing before it is
# released; then the same boxes as CSV, JSON and COCO, and back again; DICOM
# Segmentations without an error of dciodvfy; nothing of an output that is
# another one, and no word about the inputs.
. "$top_srcdir/tests/start.sh"
robot=$build/tests/pty/robot

mkdir in
cp "$samples"/*.dcm "$samples"/*.png in
set -- in/*
first=$1
check "all is reviewed" "$robot" "$program" . 1 0 project in
for kind in csv json coco fhir; do
	run export $kind project
	check "$kind of what is not released ends 0" [ $status -eq 0 ]
	grep -cE '[0-9a-f]{16}' out >count
	check "$kind has no item before the release" is "$(cat count)" 0
done
run apply project
released=$(grep -c '"output":"released"' out)
check "items are released" [ "$released" -ge 3 ]

run export json project
cp out boxes.json
check "json: a line an item" is "$(wc -l <boxes.json)" "$released"
run export csv project
cp out boxes.csv
tr -d '\r' <boxes.csv | sed 1d | grep -v ',,,,,,,,,$' | cut -d, -f1,5-10 |
	sort >from.csv
sed 's/^{"v":1,"item":"\([0-9a-f]*\)".*"boxes":\[\(.*\)\]}$/\1 \2/' \
	boxes.json | while read -r item boxes; do
	echo "$boxes" | grep -oE '"frames":\[[0-9,]*\],"x":[0-9]*,"y":[0-9]*,"w":[0-9]*,"h":[0-9]*' |
		sed "s/[^0-9,]//g; s/^/$item,/"
done | sort >from.json
check "there are boxes" [ -s from.json ]
check "csv and json have the same boxes" cmp from.csv from.json

run export coco project
cp out boxes.coco
check "coco ends 0" [ $status -eq 0 ]
run import coco boxes.coco
sed 's/^{"v":1,"file":"\([0-9a-f]*\)".*"boxes":\[\(.*\)\],"candid.*$/\1 \2/' \
	out | while read -r item boxes; do
	echo "$boxes" | grep -oE '"frames":\[[0-9,]*\],"x":[0-9]*,"y":[0-9]*,"w":[0-9]*,"h":[0-9]*' |
		sed "s/[^0-9,]//g; s/^/$item,/"
done | sort >from.coco
check "coco, out and in again, has the same boxes" cmp from.coco from.json
name=$(sed 's/,.*//' from.json | head -n 1)
run import coco --name "$name" boxes.coco
check "one image can be had alone" is "$(wc -l <out)" 1
cp out one.jsonl

run log export --format=fhir project
cp out log.fhir
run export fhir project
check "log export gives FHIR too" cmp out log.fhir
cp out resources
check "an AuditEvent each for verdict, output, release" is \
	"$(grep -c '"resourceType":"AuditEvent"' resources)" $((released * 3))
check "a Provenance each" is \
	"$(grep -c '"resourceType":"Provenance"' resources)" "$released"
check "items have the same names in all" is \
	"$(grep -o 'urn:suminuri:item","value":"[0-9a-f]*' resources |
		sed 's/.*"//' | sort -u | tr '\n' ' ')" \
	"$(sed 's/^{"v":1,"item":"\([0-9a-f]*\)".*/\1/' boxes.json | sort |
		tr '\n' ' ')"

run export seg project --to masks
cp out segs
check "seg ends 0" [ $status -eq 0 ]
objects=$(ls masks | wc -l)
check "there are segmentations" [ "$objects" -ge 2 ]
check "their lines name them" is "$(grep -c '\.dcm"' segs)" "$objects"
if command -v dciodvfy >/dev/null; then
	for file in masks/*; do
		dciodvfy "$file" 2>&1 | grep -a '^Error' >errors
		check "dciodvfy has no error of $file" none errors
	done
else
	echo "skip dciodvfy: it is missing (package dicom3tools)"
fi
run export seg project --to masks
check "a segmentation is not overwritten" [ $status -eq 4 ]

# what leads back: names, paths, hashes of inputs, ids of the worklist
cat boxes.json boxes.csv boxes.coco resources segs masks/* >all
for file in in/*; do
	sha256sum "$file" | cut -c1-64
	echo "${file#in/}"
done >words
grep -ohE '"(in_sha256|mask_sha256|item|who|host|sess)":"[^"]*"' \
	project/private/log/*.jsonl | sed 's/.*:"//; s/"//' | sort -u >>words
grep -aohE 'PN [A-Z^]+' in/*.dcm >>words
check "there are words to look for" [ "$(wc -l <words)" -gt 20 ]
grep -aoFf words all >found
check "none of them is in an export" none found
cat project/private/log/*.jsonl >>all
check "the search finds them in the log" grep -qaFf words all

for arguments in "bogus project" "seg project" "csv project --to x" \
	"csv nowhere"; do
	# shellcheck disable=SC2086
	run export $arguments
	check "export $arguments ends 2" [ $status -eq 2 ]
done
run import csv boxes.csv
check "import of another kind ends 2" [ $status -eq 2 ]
run import coco boxes.csv
check "import of something else ends 2" [ $status -eq 2 ]
output=$(find project/out -name '*.dcm' | head -n 1)
chmod u+w "$output"
printf x >>"$output"
for kind in csv json coco fhir; do
	run export $kind project
	check "$kind of a changed output ends 1" [ $status -eq 1 ]
	check "$kind of it is empty" none out
done
exit $failed
