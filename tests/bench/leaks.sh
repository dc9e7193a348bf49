#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A join and a leave under GStreamer's leak tracer: no object of theirs may be left when the room ends.
#   leaks.sh TESSERA TESSERA_ROOM TESSERA_LOAD MATERIAL
# Both programs are of a build with -Ddebug_faults=true: only there a room lets itself be traced.
set -euo pipefail
tessera=$1 load=$3 material=$4
export TESSERA_ROOM_PROGRAM=$2
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

export GST_TRACERS=leaks GST_DEBUG=GST_TRACER:7 GST_DEBUG_NO_COLOR=1
export STATE_DIRECTORY=$work TESSERA_HTTP_PORT=0
"$tessera" >"$work/out" 2>"$work/err" &
server=$!
unset GST_TRACERS GST_DEBUG
for _ in $(seq 300); do
  grep -q '^tessera ready' "$work/out" && break
  sleep 0.1
done
url=$(sed -n 's!^tessera ready: \(.*\)/$!\1!p' "$work/out")
[ -n "$url" ] || { cat "$work/err"; exit 1; }

"$load" -s "$url" -r leaks -n 2 -d 1 -w 1 --no-probe -m "$material" >"$work/load"
grep -q '"failures":\[\]' "$work/load" || { cat "$work/load" "$work/err"; exit 1; }
kill -TERM "$server"
wait "$server"

alive=': object-alive, type-name=(string)[A-Z]'
grep -q "$alive" "$work/err" || { echo "the tracer did not run"; cat "$work/err"; exit 1; }
# One DTLS agent holds the process's certificate for its whole life (webrtcbin 1.22).
if grep "$alive" "$work/err" | grep -v 'type-name=(string)GstDtlsAgent' >"$work/alive"; then
  cut -c1-400 "$work/alive"
  exit 1
fi
echo "no object is left"
