#!/bin/sh
# includes.sh - who may include whom, and what no file may call.
# One "ok" or "not ok" line a rule, with the lines that break it.
set -u
cd "$top_srcdir" || exit 99
failed=0

# sources FOLDER... : of ours in these folders
sources() {
	find "$@" \( -name '*.c' -o -name '*.cc' -o -name '*.h' \) | sort
}

# verdict RULE LINES : none may be there
verdict() {
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n%s\n' "$1" "$2"
		failed=1
	fi
}

# A library's headers, and the only files (a pattern) that include them.
while read -r header files; do
	verdict "<$header> only in $files" "$(sources src ui ocr |
		grep -vE "^($files)\$" |
		xargs grep -nE "#[ 	]*include[ 	]*[<\"]$header")"
done <<'END'
(ncurses|curses|term)(w/.*)?\.h ui/(term|paint)\.c
dcmtk/ src/image/format_dicom\.cc
openjpeg src/image/format_j2k\.c
zlib\.h src/image/((un)?pack|deflate|screen_png)\.c|src/mask/verify_(carriers|png)\.c
png\.h src/image/format_png\.c|src/mask/mask_png\.c
(jpeglib|jerror)\.h src/image/(format_jpeg|jpeg_arrays)\.c|src/mask/wipe_jpeg\.c
(tesseract/|leptonica/|allheaders\.h) ocr/tesseract\.c
opencv src/find/face\.cc
sqlite3\.h src/record/worklist\.c
openssl/ src/base/(hash|sign)\.c
jansson\.h src/base/json\.c
ini\.h src/base/settings\.c
(seccomp|linux/(seccomp|landlock))\.h src/process/sandbox\.c
check\.h nothing
vterm\.h nothing
END

# A folder, and the headers of ours that its files may include.
while read -r folder allowed; do
	[ -d "$folder" ] || continue
	verdict "$folder includes $allowed" "$(sources "$folder" |
		xargs grep -nE '#[ 	]*include[ 	]*"' |
		grep -vE "include[ 	]*\"(config\.h|($allowed))")"
done <<'END'
src/base base/
src/image base/|image/
src/find base/|image/|find/
src/mask base/|image/|mask/|find/proposal\.h
src/review base/|image/|find/(proposal|layout)\.h|record/project\.h|review/
src/record base/|find/(cover|proposal)\.h|mask/mask\.h|record/
src/exchange base/|image/|find/|mask/|record/|process/(forked|sandbox|wire)\.h|exchange/
src/process base/|image/|find/|mask/|record/|process/
ocr base/|image/|find/|ocr/
ui base/|image/|find/|review/|process/|record/|ui/
END

# forbidden WHY FOLDERS PATTERN
forbidden() {
	verdict "$1" "$(sources $2 | xargs grep -nE "$3")"
}

# else the tarball does not build
verdict "Makefile.am names every source" "$(sources src ui ocr samples tests |
	while read -r file; do
		grep -qE "[ 	]($file|${file%.c})( |\$)" Makefile.am ||
			echo "$file"
	done)"

code="src ui ocr samples tests"
forbidden "no call without bounds, to a shell or on the stack" "$code" \
	'\<(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|system|popen|alloca)[ 	]*\('
forbidden "DCMTK makes no UID" "$code" 'dcmGenerateUniqueIdentifier'
forbidden "nothing opens a socket to elsewhere" "src ui ocr" \
	'\<(socket|connect|getaddrinfo|gethostbyname)[ 	]*\('
forbidden "nothing is unfinished" "$code" \
	'\<(TODO|FIXME|XXX|HACK)\>|\<not implemented\>'
exit $failed
