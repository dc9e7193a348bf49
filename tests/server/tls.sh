#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# HTTPS of the program itself: served, handshakes that stall hurt nobody, SIGHUP takes a new certificate.
# usage: tls.sh PATH_OF_TESSERA; exits 77 (skipped) without curl or openssl.
# The leak check at exit traces the process and falls over GnuTLS; the other server tests have it.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
set -euo pipefail
for program in curl openssl; do
  command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
done
tessera=$1
work=$(mktemp -d)
pid=
finish () { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
fail () { echo "FAILED: $1"; tail -20 "$work/log"; exit 1; }
certificate () {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
}
served () { openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null; }

certificate first
export STATE_DIRECTORY=$work/state TESSERA_HTTP_PORT=0
export TESSERA_HTTP_TLS_CERTIFICATE=$work/cert.pem TESSERA_HTTP_TLS_KEY=$work/key.pem
mkdir "$STATE_DIRECTORY"
mkfifo "$work/out"
"$tessera" >"$work/out" 2>"$work/log" &
pid=$!
read -r -t 10 ready <"$work/out" || fail "does not start"
[[ $ready == "tessera ready: https://127.0.0.1:"* ]] || fail "ready line: $ready"
port=$(sed 's|.*:\([0-9]*\)/$|\1|' <<<"$ready")

# Connections that never say hello; whoever does is served all the same.
for i in $(seq 20); do eval "exec $((i + 20))<>/dev/tcp/127.0.0.1/$port"; done
curl -sS --cacert "$work/cert.pem" --max-time 5 -o "$work/body" "https://127.0.0.1:$port/healthz" || fail "not served"
grep -q '"ok"' "$work/body" || fail "healthz"
curl -sS --max-time 5 "http://127.0.0.1:$port/healthz" 2>/dev/null && fail "plain HTTP on the TLS port"
upgrade () {
  curl -sS --http1.1 -i -N --max-time 2 --cacert "$work/cert.pem" -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
    -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
    "https://127.0.0.1:$port/v1/rooms/a/signal" 2>/dev/null | tr -d '\0' || true
}
[[ $(upgrade) == *"101 Switching"* ]] || fail "WebSocket"

[ "$(served)" = "subject=CN = first" ] || fail "certificate: $(served)"
certificate second
kill -HUP "$pid"
for _ in $(seq 100); do [ "$(served)" = "subject=CN = second" ] && break; done
[ "$(served)" = "subject=CN = second" ] || fail "certificate after SIGHUP: $(served)"
echo broken >"$work/cert.pem"
kill -HUP "$pid"
for _ in $(seq 100); do grep -q 'stays as it was' "$work/log" && break; served >/dev/null; done
[ "$(served)" = "subject=CN = second" ] || fail "certificate after a broken one: $(served)"
kill -TERM "$pid"
wait "$pid" || fail "exit status"
pid=
echo "all good"
