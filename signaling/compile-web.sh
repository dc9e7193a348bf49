#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Packs the page's files (pack-web.awk says how), each also gzipped, into one C file for the program.
# usage: compile-web.sh WEB_DIRECTORY OPENAPI_JSON OUTPUT.c
# Runs at every build and leaves the output alone when nothing changed, so that a new file in the
# directory is taken without anybody listing it.
set -eu
web=$1
openapi=$2
output=$3
pack=$(dirname "$0")/pack-web.awk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/web"
(cd "$web" && find . -type f \( -name '*.html' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.json' -o -name '*.svg' \
  -o -name '*.png' -o -name '*.ico' -o -name '*.woff2' -o -name '*.webmanifest' -o -name '*.txt' \) \
  ! -path './node_modules/*' | LC_ALL=C sort | sed 's|^\./||') >"$work/names"
cp "$openapi" "$work/web/openapi.json"
while IFS= read -r name; do
  mkdir -p "$work/web/$(dirname "$name")"
  case $name in
    *.js | *.mjs | *.css) awk -f "$pack" "$web/$name" >"$work/web/$name" ;;
    *) cp "$web/$name" "$work/web/$name" ;;
  esac
done <"$work/names"
[ -f "$work/web/openapi.json" ] && grep -qx openapi.json "$work/names" || echo openapi.json >>"$work/names"
{
  echo '<?xml version="1.0" encoding="UTF-8"?>'
  echo '<gresources><gresource prefix="/tessera/web">'
  while IFS= read -r name; do
    echo "<file>$name</file>"
    case $name in
      *.png | *.ico | *.woff2) ;;
      *)
        gzip -9nc "$work/web/$name" >"$work/web/$name.gz"
        echo "<file>$name.gz</file>"
        ;;
    esac
  done <"$work/names"
  echo '</gresource></gresources>'
} >"$work/web.gresource.xml"
glib-compile-resources --sourcedir="$work/web" --generate-source --c-name tessera_web \
  --target="$work/web.c" "$work/web.gresource.xml"
# The generated text names the temporary directory nowhere else than in comments.
if [ ! -f "$output" ] || ! cmp -s "$work/web.c" "$output"; then
  cp "$work/web.c" "$output"
fi
