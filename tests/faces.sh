#!/bin/sh
# faces.sh - faces in the whole program: what propose prints with and without
# models, which files it refuses, and a review of a face by keys.  Real faces
# need the models (./quickstart faces) and the test data.
. "$top_srcdir/tests/start.sh"
play=$build/tests/pty/play
models=${SUMI_MODELS:-}

state() { sed -n 's/.*"faces":"\([a-z-]*\)".*/\1/p' out; }
# run ARGUMENT... : propose; leaves out, err, status
run() {
	"$program" propose "$@" >out 2>err </dev/null
	status=$?
}

# ---- without models ----
SUMINURI_FACE_MODELS=$work/none
export SUMINURI_FACE_MODELS
run "$samples/plain.jpg"
check "a photograph without models" is "$status $(state)" "0 no-model"
run "$samples/ct_header.dcm"
check "a slice" is "$status $(state)" "0 gated"
run --faces all "$samples/ct_header.dcm"
check "a slice, when asked for" is "$status $(state)" "0 no-model"
run --faces off "$samples/plain.jpg"
check "a photograph, when not" is "$status $(state)" "0 off"
run --faces some "$samples/plain.jpg"
check "another word" is "$status $(cat out)" "2 "
run --face-models "$work" "$samples/plain.jpg"
check "a folder without models" is "$status $(cat out)" "2 "
check "is named with what is missing" grep -q 'no rfb320.onnx in' err
"$program" doctor >doctor
check "doctor tells" grep -q '^less: faces: faces are NOT checked' doctor

mkdir wrong
echo other >wrong/rfb320.onnx
echo other >wrong/blazeface-back.onnx
run --face-models wrong "$samples/plain.jpg"
check "other files" is "$status $(cat out)" "3 "
check "are told" grep -q 'rfb320.onnx is not the face model' err
SUMINURI_FACE_MODELS=$work/wrong
run "$samples/plain.jpg"
check "other files in the usual place" is "$status $(cat out)" "3 "
check "are told too" grep -q "$work/wrong/rfb320.onnx is not the face model" err
check "with what to do" grep -q 'delete it and fetch it again' err
run --faces off "$samples/plain.jpg"
check "when not asked for, they do not matter" is "$status $(state)" "0 off"
mkdir empty
"$program" review -o empty/p --reviewer=r1 "$samples/plain.jpg" \
	>out 2>err </dev/null
check "review refuses them before it starts" is "$? $(ls -A empty)" "3 "
"$program" apply empty/p >out 2>err </dev/null
check "and so does apply" is "$? $(ls -A empty)$(cat out)" "3 "
check "which names the file" grep -q 'rfb320.onnx is not the face model' err
"$program" doctor >doctor
check "doctor calls them broken" grep -q '^broken: faces: ' doctor
"$program" version >version
check "version and models.txt name the same files" is \
	"$(sed -n 's/\(.*\.onnx [0-9a-f]*\) .*/\1/p' version)" \
	"$(sed '/^#/d' "$(dirname "$samples")/../models.txt" |
		cut -d ' ' -f 1,2)"

# ---- with models ----
SUMINURI_FACE_MODELS=$models
if ! "$program" doctor | grep -q '^ok: faces'; then
	echo "skip faces: no face models (./quickstart faces)"
	[ $failed = 0 ] && exit 77
	exit 1
fi
run "$samples/plain.jpg"
check "with models it is done" is "$status $(state)" "0 done"
run "$samples/us_cine.dcm"
check "frames in colour or grey end well" is $status 0
if [ ! -d "$data/photo/face" ]; then
	echo "skip faces: SUMI_DATA names no folder of test data"
	[ $failed = 0 ] && exit 77
	exit 1
fi

mkdir pictures
cp "$data/photo/face/giunchedi.jpg" pictures/face.jpg
run pictures/face.jpg
box='"kind":"face","class":"face","score":[0-9]*,"source":"face","why":"face:'
check "a face is proposed" grep -q "\"boxes\":\[.*$box.*\"candidates\"" out
cp out first
run -j 7 pictures/face.jpg
check "the same bytes again" cmp out first

# a mask is taken off a face: that asks for a reason; u puts it back
cat >keys <<'END'
terminal 120 40
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 -o project $S/face.jpg
expect 1 items
key \s
expect REVIEW 1/1
gone SPC wait
until \s SPC approve
lacks faces NOT checked
expect face:rfb
key 1
expect 1+ face
key x
expect 5 not a face
key 5
expect 1x face
key u
expect 1+ face
until \s all items are decided
expect masked 1
expect written
key W
expect all that was decided is out
until Q
exit 0
restored
END
SAMPLES=$work/pictures SCREENS=$work
export SAMPLES SCREENS
mkdir home
check "a face is reviewed by keys" "$play" "$program" "$work/home" keys
check "its copy can be verified" "$program" verify home/project
check "the decision is kept" grep -rq '"class":"face".*"decision":"mask"' \
	home/project/private/masks

sed '/^key 1$/,$d' keys >not
cat >>not <<'END'
key 1
expect 1+ face
key x
expect 5 not a face
key 5
expect 1x face
until \s SPC blocked
key v
until \s SPC blocked: no mask left
key v
until \s tour done
key Z
expect all items are decided
expect clean 1
until Q
exit 0
restored
END
mkdir home2
check "a box that is no face is taken off" "$play" "$program" "$work/home2" \
	not
check "with its reason" grep -rq '"reason":"not-a-face"' \
	home2/project/private/masks

# a face that nobody looked for is found on the copy
cat >missed <<'END'
terminal 120 40
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 --faces=off -o project $S/face.jpg
expect 1 items
key \s
until \s SPC blocked
key v
until \s SPC blocked: faces not checked
key v
until \s tour done
key F
expect faces: by eye
key Z
expect all items are decided
until Q
exit 0
restored
END
mkdir home4
check "decided without a look at faces" "$play" "$program" "$work/home4" \
	missed
"$program" apply home4/project >out 2>err
check "apply finds the face" is "$?" 1
check "and tells" grep -q '"output":"blocked","residual":[1-9].*"faces":"done"' \
	out
SUMINURI_FACE_MODELS=$work/none "$program" apply home4/project >out 2>err
check "without models it can't" is "$? $(state)" "0 no-model"
check "and says so" grep -q 'faces were NOT checked on 1 copies' err

# without models the same picture says so, and needs the tour and F
SUMINURI_FACE_MODELS=$work/none
cat >blind <<'END'
terminal 120 40
run review --test-fd=3 --test-seed=1 --graphics=sextant --reviewer=r1 -o project $S/face.jpg
expect 1 items
key \s
until \s SPC blocked
expect faces NOT checked
key v
until \s SPC blocked: faces not checked
key v
until \s tour done
key F
expect faces: by eye
key q
until Q
exit 0
restored
END
mkdir home3
check "not checked is seen on the screen" "$play" "$program" "$work/home3" \
	blind
exit $failed
