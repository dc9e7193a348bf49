#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tessera-room --finish, --join and --probe as control calls them: what they print, how they exit.
# usage: record-tool.sh TESSERA_ROOM
set -euo pipefail
room=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail () { echo "FAILED: $1"; exit 1; }

# What is not ours is made by another program; whoever the tool becomes may write here.
ffmpeg -v error -f lavfi -i color=red:s=160x90:r=30 -f lavfi -i sine=r=48000 -t 2 -c:v mjpeg -c:a aac -bf 0 \
  -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 500000 -f mp4 "$work/p1.mp4"
cp "$work/p1.mp4" "$work/p2.mp4"
chmod 777 "$work"
[ "$(id -u)" != 0 ] || chmod 666 "$work"/*.mp4

# says WANTED-EXIT-CODE WANTED-TEXT ARGUMENTS...
says () {
  local code=0 wanted=$1 text=$2
  shift 2
  "$room" "$@" >"$work/out" 2>"$work/err" || code=$?
  [ "$code" = "$wanted" ] || fail "$*: exit code $code: $(cat "$work/out" "$work/err")"
  grep -q "$text" "$work/out" "$work/err" || fail "$*: $(cat "$work/out" "$work/err")"
}

says 0 '"width":160,"height":90,.*"audio":"aac","playable":true' --probe "$work/p1.mp4"
says 0 '"sha256":"[0-9a-f]\{64\}"' --finish "$work" p1.mp4 --reserve-bytes 1000
sum=$(sha256sum <"$work/p1.mp4" | cut -d' ' -f1)
grep -q "$sum" "$work/out" || fail "another sum than $sum: $(cat "$work/out")"
ffprobe -v error "$work/p1.mp4" || fail "p1.mp4 cannot be read"
says 0 '"offsets_ms":\[0,20[0-9][0-9]\]' --join "$work/all.mp4" "$work/p1.mp4" "$work/p2.mp4"
echo '{"chapters":[{"start_ms":0,"title":"One"}]}' | says 0 '"duration_ms":4' --finish "$work" all.mp4 --chapters /dev/stdin
ffprobe -v error -show_chapters "$work/all.mp4" | grep -q '^TAG:title=One$' || fail "no chapter"
says 1 '"code":"exists"' --join "$work/all.mp4" "$work/p1.mp4"
says 1 '"code":"not_found"' --finish "$work" none.mp4
says 1 '"code":"bad_request"' --finish "$work" ../p1.mp4
says 1 '"code":"unsupported_type"' --probe "$work/out"
says 1 '"code":"disk_full"' --finish "$work" p2.mp4 --reserve-bytes 999999999999999
says 2 usage --join "$work/x.mp4"
says 2 usage --probe --unknown
[ -z "$(find "$work" -name '*.tmp')" ] || fail "something was left behind"
echo "recordings' files are looked at, finished and joined"
