#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the browser tests against a built tessera.
#   tests/browser/run.sh [FILE...]     all *.test.mjs, or these
# TESSERA_BIN or TESSERA_BUILD name the program (default: build/ of this tree); see docs/testing.md.
set -eu
cd "$(dirname "$0")"

need () {
  command -v "$1" > /dev/null || { echo "browser tests: $1 is missing ($2)" >&2; exit 2; }
}
need node 'apt-get install nodejs npm'
need pulseaudio 'apt-get install --no-install-recommends pulseaudio'
[ -x /usr/bin/chromium ] || need chromium 'apt-get install chromium'
[ -x /usr/bin/firefox-esr ] || need firefox-esr 'apt-get install firefox-esr'

# A stamp, not the folder: an interrupted install must be made again.
stamp=node_modules/.installed
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  need npm 'apt-get install npm'
  npm ci --omit=optional --no-progress
  touch "$stamp"
fi

rm -rf out
[ $# -gt 0 ] || set -- *.test.mjs
# One file at a time: two cores are one meeting.
exec node --test --test-concurrency=1 --test-reporter=spec "$@"
