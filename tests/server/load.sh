#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# People who really send and receive, in the real server with the real room process: by WebSocket, by
# WHIP and WHEP, and with tokens. tessera-load --check says whether all of them got picture and sound.
# usage: load.sh TESSERA TESSERA_ROOM TESSERA_LOAD MATERIAL_DIRECTORY
set -euo pipefail
tessera=$1 load=$3 material=$4
work=$(mktemp -d)
pid=
finish () { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
fail () { echo "FAILED: $1"; tail -20 "$work/log"; exit 1; }

start () {
  mkfifo "$work/out"
  "$tessera" >"$work/out" 2>>"$work/log" &
  pid=$!
  read -r -t 20 ready <"$work/out" || fail "does not start"
  rm "$work/out"
  url=${ready#tessera ready: }
}
stop () {
  kill "$pid"
  wait "$pid" || fail "exit status $?"
  pid=
}
people () {
  timeout 60 "$load" --server "$url" --clients 2 --seconds 3 --warmup 2 --material "$material" --check "$@" ||
    fail "people: $*"
}

export STATE_DIRECTORY=$work/state TESSERA_HTTP_PORT=0 TESSERA_ROOM_PROGRAM=$2
# Small, so that a busy machine can do it.
export TESSERA_ROOMS_CANVAS_WIDTH=640 TESSERA_ROOMS_CANVAS_HEIGHT=360
mkdir "$STATE_DIRECTORY"
start
people --viewers 1 --layouts
people --http --viewers 1 --no-probe --room encoders
curl -fsS "${url}metrics" >"$work/metrics"
grep -q '^tessera_joins_total{result="ok"} ' "$work/metrics" || fail "no joins counted"
grep -q '^tessera_room_restarts_total' "$work/metrics" && fail "a room died"
stop

export TESSERA_KEYS='k: a-secret-of-some-length-for-hs256'
start
people --room closed --token "$("$tessera" token --room closed)"
stop
