#!/bin/sh
# validators.sh FOLDER - puts the FHIR validators of validators.txt into
# FOLDER/node_modules, for tests/fhir.sh: `make nightly` calls it.  What is
# there is left alone; 1 and a word of what is missing when they can't be had.
set -u
list=$(dirname -- "$0")/validators.txt
to=$1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# pack PACKAGE : one file in $scratch; says nothing, as npm names hosts
pack() {
	timeout 300 npm pack --silent --ignore-scripts --no-update-notifier \
		--fetch-retries=1 --fetch-retry-mintimeout=1000 \
		--fetch-retry-maxtimeout=2000 --cache "$scratch/cache" \
		--pack-destination "$scratch" "$1" </dev/null >/dev/null 2>&1
}

# get PACKAGE FOLDER SUM : whole and the one that was tested, or not at all
get() {
	[ -f "$to/node_modules/$2/.$3" ] && return
	command -v npm >/dev/null || { echo "npm is missing"; return 1; }
	rm -f "$scratch"/*.tgz
	pack "$1" || { echo "$1 can't be fetched"; return 1; }
	echo "$3  $(ls "$scratch"/*.tgz)" | sha256sum --status -c - ||
		{ echo "$1 is not the file that was tested"; return 1; }
	rm -rf "$scratch/new" "${to:?}/node_modules/$2"
	mkdir -p "$scratch/new" "$(dirname -- "$to/node_modules/$2")" &&
		tar -xzf "$scratch"/*.tgz -C "$scratch/new" \
			--strip-components=1 &&
		touch "$scratch/new/.$3" &&
		mv "$scratch/new" "$to/node_modules/$2"
}

sed '/^#/d' "$list" | while read -r package folder sum; do
	get "$package" "$folder" "$sum" || exit 1
done || { echo "validators: FHIR resources will not be judged"; exit 1; }
