#!/bin/sh
# quickstart.sh - what ./quickstart does to a machine, on a machine of its own:
# a copy in a scratch folder with apt-get, dpkg-query, make ... played by small
# scripts that note how they were called.  One "ok" or "not ok" line a case.
set -u
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
cp "$top_srcdir/quickstart" "$top_srcdir/packages.txt" "$dir"
mkdir "$dir/bin"

# play NAME : a program of that name from standard input
play() {
	{ echo '#!/bin/sh'; cat; } >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}

play dpkg-query <<END
if [ \$# -eq 3 ]; then         # all there are
	sed 's/^/installed /' "$dir/installed"
	exit
fi
for name; do :; done
if grep -qx "\$name" "$dir/installed"; then echo installed; fi
END
play apt-get <<END
echo "apt-get \$*" >>"$dir/calls"
if [ -f "$dir/locked" ]; then
	rm "$dir/locked"
	echo "E: Could not get lock /var/lib/apt/lists/lock" >&2
	exit 100
fi
for name; do
	case \$name in
	install | purge) verb=\$name ;;
	-* | *=* | update) ;;
	*)
		if [ \$verb = install ]; then
			echo "\$name" >>"$dir/installed"
		else
			grep -vx "\$name" "$dir/installed" >"$dir/kept"
			mv "$dir/kept" "$dir/installed"
		fi ;;
	esac
	if [ "\$name" = npm ]; then cp "$dir/npm" "$dir/few/npm"; fi
done
END

# two face models, in a package each
for model in one two; do
	mkdir -p "$dir/$model@1/package/in"
	echo "network $model" >"$dir/$model@1/package/in/$model.bin"
	printf '%s.onnx %s %s@1 package/in/%s.bin\n' $model "$(sha256sum \
		"$dir/$model@1/package/in/$model.bin" | cut -d ' ' -f 1)" \
		$model $model
done >"$dir/models.txt"
play npm <<END
echo "npm \$*" >>"$dir/calls"
[ ! -f "$dir/offline" ] || exit 1
for name; do
	if [ "\$last" = --pack-destination ]; then to=\$name; fi
	last=\$name
done
tar -czf "\$to/\$last.tgz" -C "$dir/\$last" package
END
play make <<END
echo "make" >>"$dir/calls"
printf '#!/bin/sh\necho "started \$*"\n' >"$dir/build/suminuri"
chmod +x "$dir/build/suminuri"
END
play autoreconf <<END
echo "autoreconf" >>"$dir/calls"
printf '#!/bin/sh\necho configure >>"$dir/calls"\necho : >config.status\n' \
	>"$dir/configure"
printf 'chmod +x config.status\n' >>"$dir/configure"
: >"$dir/Makefile.in"
chmod +x "$dir/configure"
END
play id <<END
echo "\${PLAYED_ID-0}"
END
play sleep </dev/null

# run STATUS WHAT ARGUMENT... : and keep its output
run() {
	want=$1 what=$2
	shift 2
	: >"$dir/calls"
	got=0
	PATH="$dir/bin:$PATH" "$dir/quickstart" "$@" </dev/null \
		>"$dir/output" 2>&1 || got=$?
	expect "$what: status $want" [ $got -eq "$want" ]
}

# expect WHAT COMMAND...
expect() {
	name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		cat "$dir/calls" "$dir/output"
		failed=1
	fi
}

called() { grep -q -- "$1" "$dir/calls"; }
not_called() { ! called "$1"; }
printed() { grep -q -- "$1" "$dir/output"; }

all=$(sed -n 's/^build //p' "$dir/packages.txt")
unset SUDO_USER
printf '%s\n' $all | grep -vx -e libinih-dev -e check >"$dir/installed"

run 1 "missing, --no-install" --no-install
expect "names both" printed 'missing: libinih-dev check'
expect "leaves apt alone" not_called apt-get

if PATH="$dir/bin:$PATH" command -v sudo >/dev/null; then
	echo "skip a user without sudo: there is a sudo here"
else
	PLAYED_ID=1000; export PLAYED_ID
	run 1 "missing, no root and no sudo"
	expect "gives the command" \
		printed 'install --no-install-recommends libinih-dev check'
	expect "leaves apt alone" not_called apt-get
	unset PLAYED_ID
fi

SUDO_USER=someone; export SUDO_USER
run 2 "under sudo"
unset SUDO_USER

: >"$dir/locked"
run 0 "missing, root, the lists are locked"
expect "tries again" [ "$(grep -c 'update$' "$dir/calls")" -eq 2 ]
expect "installs what is missing and no more" \
	called 'install --no-install-recommends libinih-dev check$'
expect "configures" called '^configure'
expect "shows the proposals" printed 'started propose samples/pictures'

expect "fetches the face models" cmp "$dir/models/two.onnx" \
	"$dir/two@1/package/in/two.bin"
expect "as packages of one version" called 'npm pack .* one@1$'

run 0 "all there"
expect "leaves apt alone" not_called apt-get
expect "leaves npm alone" not_called npm
expect "leaves configure alone" not_called configure
expect "builds" called make

echo "# changed" >>"$dir/packages.txt"
run 0 "another list of packages"
expect "configures again" called '^configure'

# a bundle of two packages, one of them there
mkdir "$dir/bundle"
echo a >"$dir/bundle/check.deb"
echo b >"$dir/bundle/libinih-dev.deb"
: >"$dir/bundle/Packages"
(cd "$dir/bundle" && sha256sum *.deb Packages >SHA256SUMS)
printf '%s\n' $all | grep -vx libinih-dev >"$dir/installed"
echo x >>"$dir/bundle/check.deb"
run 3 "a bundle that was changed" --from "$dir/bundle"
expect "leaves apt alone" not_called apt-get
echo a >"$dir/bundle/check.deb"
run 0 "a bundle" --from "$dir/bundle"
expect "installs only what is missing" called \
	'install --no-install-recommends libinih-dev$'
expect "from the bundle" grep -qx \
	"deb \[trusted=yes\] file:$dir/bundle ./" "$dir/build/lists.list"
expect "and from nothing else" [ "$(grep -c apt-get "$dir/calls")" -eq \
	"$(grep -c 'SourceParts=/dev/null' "$dir/calls")" ]

# ---- face models ----

fetched() { [ -f "$dir/models/one.onnx" ] && [ -f "$dir/models/two.onnx" ]; }
nothing_fetched() { [ -z "$(ls -A "$dir/models" 2>/dev/null)" ]; }

rm -r "$dir/models"
run 4 "face models not wanted" faces --no-faces
expect "says that faces are not checked" printed 'faces will NOT be checked'
expect "leaves npm alone" not_called npm

: >"$dir/offline"
run 4 "no network" faces
expect "says that faces are not checked" printed 'faces will NOT be checked'
run 0 "no network, with all else" --no-install
expect "goes on" printed 'started propose'
rm "$dir/offline"

echo other >"$dir/two@1/package/in/two.bin"
run 4 "another model in the package" faces
expect "says so" printed 'two.onnx: not the model that was tested'
expect "and does not keep it" [ ! -e "$dir/models/two.onnx" ]
mkdir "$dir/mine"
cp "$dir/one@1/package/in/one.bin" "$dir/mine/one.onnx"
cp "$dir/two@1/package/in/two.bin" "$dir/mine/two.onnx"
run 3 "another model in --face-models" faces --face-models "$dir/mine"
echo "network two" >"$dir/mine/two.onnx"
run 0 "the right ones in --face-models" faces --face-models "$dir/mine"
expect "takes them" fetched
expect "leaves npm alone" not_called npm

rm -r "$dir/models"
mkdir "$dir/bundle/models"
cp "$dir/mine/one.onnx" "$dir/mine/two.onnx" "$dir/bundle/models"
run 0 "from a bundle" faces --from "$dir/bundle"
expect "takes them" fetched
expect "leaves npm alone" not_called npm

rm -r "$dir/models"
echo other >"$dir/bundle/models/two.onnx"
run 0 "from a bundle with another model" --from "$dir/bundle"
expect "names it" printed 'bundle/models lacks: two.onnx $'
expect "leaves npm alone" not_called npm
expect "says that faces are not checked" printed 'faces will NOT be checked'
expect "goes on" printed 'started propose'
rm -r "$dir/models" "$dir/bundle/models"
run 0 "from a bundle without models" --from "$dir/bundle"
expect "names both" printed 'bundle/models lacks: one.onnx two.onnx $'
expect "leaves npm alone" not_called npm
expect "leaves apt alone" not_called apt-get
expect "goes on" printed 'started propose'
mkdir "$dir/bundle/models"
run 4 "only the models, from a bundle without" faces --from "$dir/bundle"
cp "$dir/mine/one.onnx" "$dir/mine/two.onnx" "$dir/bundle/models"
run 0 "from a bundle" faces --from "$dir/bundle"

# a machine without npm: only these programs are on it
rm -r "$dir/models"
echo "network two" >"$dir/two@1/package/in/two.bin"
mkdir "$dir/few"
mv "$dir/bin/npm" "$dir/npm"
for name in sh env sed grep tr cut cat cp mv rm ls mkdir mktemp chmod sync \
	sha256sum tar gzip timeout dirname basename date nproc sort comm \
	tail head cmp; do
	ln -s "$(command -v $name)" "$dir/few/$name"
done
for name in apt-get dpkg-query make autoreconf id sleep; do
	ln -s "$dir/bin/$name" "$dir/few/$name"
done
full=$PATH
PATH=$dir/few
cp "$dir/installed" "$dir/before"
run 4 "no npm, nothing to be installed" faces --no-install
expect "leaves apt alone" not_called apt-get
run 0 "no npm" faces
expect "takes it for a moment" called 'install .* npm$'
expect "and removes it" called 'purge npm$'
expect "takes the models" fetched
expect "and leaves what was there" cmp "$dir/before" "$dir/installed"
PATH=$full

# ---- the FHIR validators of make nightly, by the same npm ----
cp "$dir/npm" "$dir/bin/npm"
cp "$top_srcdir/tests/validators.sh" "$dir"
tar -czf "$dir/one.tgz" -C "$dir/one@1" package
echo "one@1 @a/one $(sha256sum <"$dir/one.tgz" | cut -d ' ' -f 1)" \
	>"$dir/validators.txt"
# validators STATUS WHAT
validators() {
	: >"$dir/calls"
	got=0
	PATH="$dir/bin:$PATH" sh "$dir/validators.sh" "$dir/v" \
		>"$dir/output" 2>&1 || got=$?
	expect "$2: status $1" [ $got -eq "$1" ]
}
validators 0 "validators"
expect "are unpacked" cmp "$dir/v/node_modules/@a/one/in/one.bin" \
	"$dir/one@1/package/in/one.bin"
validators 0 "validators that are there"
expect "are left alone" not_called npm
sed 's/.$/x/' "$dir/validators.txt" >"$dir/list"
mv "$dir/list" "$dir/validators.txt"
validators 1 "another file than was tested"
expect "is said" printed 'is not the file that was tested'
: >"$dir/offline"
validators 1 "no network"
expect "is said" printed "can't be fetched"
rm "$dir/offline"

run 2 "an unknown word" nonsense
expect "shows the usage" printed '^usage:'
exit $failed
