#!/bin/sh
# propose.sh - what `suminuri propose` prints, says and returns.
. "$top_srcdir/tests/start.sh"

# run ARGUMENT... : propose; leaves out, err, status
run() {
	"$program" propose "$@" >out 2>err </dev/null
	status=$?
}

files() { sed 's/^{"v":1,"file":"\([^"]*\)".*/\1/' out; }
codes() { sed -n 's/.*"refused":{"code":"\([^"]*\)".*/\1/p' out; }

mkdir -p tree/b tree/p
cp "$samples/film_label.png" tree/b/2.png
cp "$samples/us_banner.dcm" tree/b/10
cp "$samples/plain.jpg" "tree/b.jpg"
head -c 3000 "$samples/form_ja.png" >tree/cut
echo hello >tree/YAMADA_TARO.txt
: >tree/p/suminuri.project
ln -s b.jpg tree/link

run tree
order="tree/YAMADA_TARO.txt
tree/b/10
tree/b/2.png
tree/b.jpg
tree/cut"
check "a folder: byte order, depth first" is "$(files)" "$order"
check "its refusals" is "$(codes)" "not-image
truncated"
check "a damaged file gives 3" is $status 3
# what is refused is told when its worker ends, what is skipped when it is met
check "messages name ARG#N" is "$(sort err)" \
	"suminuri: tree#5: the file ends too early; get a whole copy
suminuri: tree: a project folder is skipped: review it by its name"
check "no found name on stderr" sh -c '! grep -q YAMADA err'
cp out first

run --jobs 1 tree
check "the same bytes with --jobs 1" cmp out first
run -j 7 tree
check "the same bytes with --jobs 7" cmp out first

rm tree/cut
run tree
check "a found file that is no image does not count" is $status 0
run tree/YAMADA_TARO.txt
check "a named one does" is "$status $(codes)" "3 not-image"
check "and is named as typed" is "$(cat err)" \
	"suminuri: tree/YAMADA_TARO.txt: this is no DICOM, PNG or JPEG file"
run gone tree/b.jpg
check "a missing file" is "$status $(codes)" "3 unreadable"
mkfifo fifo
run fifo
check "a FIFO is not opened" is "$status $(codes)" "3 special-file"

printf 'path,reason\r\nb.jpg,"why"\r\nb,\r\n' >tree/list.csv
run @tree/list.csv
check "a list" is "$(files)" "b.jpg
b/10
b/2.png"
printf 'path\n"x\n' >bad.csv
run tree/b.jpg @bad.csv
check "a wrong list: nothing is begun" is "$status $(cat out)" "2 "

run tree/b/2.png
line='{"v":1,"file":"tree/b/2.png","refused":null,"sha256":"[0-9a-f]\{64\}",'
line=$line'"format":"png","columns":[0-9]*,"rows":[0-9]*,"frames":1,'
line=$line'"boxes":\[.*\],"candidates":\[.*\],"benign":\[.*\],'
line=$line'"checks":{"frames":1,"text":"done","faces":"no-model",'
line=$line'"by":"[0-9.]*+[0-9a-f]\{8\}"}}'
check "the line of DESIGN 5.1" grep -qx "$line" out
check "its hash" grep -q "$(sha256sum tree/b/2.png | cut -c1-64)" out
check "no text without --show-text" sh -c '! grep -q "\"text\":\"[^d]" out'
run --show-text --timings tree/b/2.png
check "text with --show-text" grep -q '"why":"[^"]*","text":"' out
check "milliseconds with --timings" grep -q '},"ms":[0-9]*}$' out

cp out plain
run --project new tree
check "a new project needs a reviewer" is "$status $(cat out)" "2 "
run tree
cp out plain
run --project new --reviewer r-1 tree
check "the same lines with --project" cmp out plain
check "its items wait for review" sh -c \
	'"$0" verify new | grep -q "\"open\":3,\"refused\":2,"' "$program"
run --project new tree
check "a second time lists nothing new" sh -c \
	'"$0" verify new | grep -q "\"open\":3,\"refused\":2,"' "$program"
check "its log is sound" "$program" log check new
check "no name in its log" sh -c '! grep -rq YAMADA new/private/log'

"$program" propose tree >/dev/full 2>err
check "a full output gives 4" is $? 4
for wrong in "--jobs 0" "--jobs x" "--lang ../x" "--unknown" "-j"; do
	# shellcheck disable=SC2086
	run $wrong tree
	check "propose $wrong gives 2" is "$status $(cat out)" "2 "
done
printf 'identifier North Wing\nbenig x\n' >words
run --words words tree
check "a bad line of words gives 2 and is named" sh -c \
	'test "$1" = "2 " && grep -q "line 2" err' sh "$status $(cat out)"
printf 'identifier North Wing\nbenign Quellstrom\n' >words
"$program" propose tree >without 2>err
run --words words tree
check "words are read" test "$status" -ne 2
check "the proposal tells that there were words" sh -c \
	'test "$(grep -o "\"by\":[^}]*" without | head -n 1)" != \
	"$(grep -o "\"by\":[^}]*" out | head -n 1)"'

# letters that only transparency draws, black on nothing, as overlays have them
if command -v convert >/dev/null; then
	convert "$samples/film_label.png" -colorspace gray -alpha copy \
		-channel RGB -evaluate set 0 +channel PNG32:clear.png
	run clear.png
	check "letters of transparency are proposed" is \
		"$(grep -oE '"class":"(name|patient_id|dob)"' out | sort -u |
			wc -l)" "$("$program" propose "$samples/film_label.png" |
			grep -oE '"class":"(name|patient_id|dob)"' | sort -u |
			wc -l)"
	check "there are some" grep -q '"kind":"identifier"' out
fi
run --lang zzz tree
check "a language that is not there" is "$status $(cat out)" "5 "
exit $failed
