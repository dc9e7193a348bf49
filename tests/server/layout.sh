#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The commands for designers: a good file is good, a bad one is told what is wrong, every built-in is drawn.
#   layout.sh TESSERA TESSERA_ROOM LAYOUT_FILES
set -euo pipefail
tessera=$1 files=$3
export TESSERA_ROOM_PROGRAM=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$tessera" layout check "$files"/*.json >"$work/out"
[ "$(grep -c ': good$' "$work/out")" -ge 8 ] || { echo "not all are good"; cat "$work/out"; exit 1; }

echo '{"name":"x","arrangements":[{"people":"1+","slots":[{"x":0,"y":0,"width":2,"height":1}]}]}' >"$work/bad.json"
if "$tessera" layout check "$work/bad.json" 2>"$work/err"; then echo "a bad file is called good"; exit 1; fi
grep -q 'bad.json: arrangements\[0\].slots\[0\].width: not between 0 and 1' "$work/err" || { cat "$work/err"; exit 1; }

for file in "$files"/*.json; do
  for people in 1 7 30; do
    "$tessera" layout draw "$file" --people "$people" --screens 1 --size 320x180 --out "$work/x.png"
    head -c 8 "$work/x.png" | od -An -tx1 | grep -q '89 50 4e 47 0d 0a 1a 0a' || { echo "$file: no PNG"; exit 1; }
  done
done
if "$tessera" layout draw nosuch --people 3 --out "$work/y.png" 2>/dev/null; then echo "drew nothing"; exit 1; fi
"$tessera" layout draw speaker --people 3 --size 64x64 --out "$work/y.png"
echo "layouts are checked and drawn"
