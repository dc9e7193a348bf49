#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/nginx.md's configuration, with a real nginx, on ports of our own.
# usage: nginx.sh PATH_OF_TESSERA DOCS/NGINX.MD; exits 77 (skipped) without nginx, curl or openssl.
set -euo pipefail
PATH=$PATH:/usr/sbin
for program in nginx curl openssl; do
  command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
done
tessera=$1
docs=$2
work=$(mktemp -d)
pids=()
finish () {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail () { echo "FAILED: $1"; cat "$work"/*.log 2>/dev/null | tail -20; exit 1; }

export STATE_DIRECTORY=$work/state TESSERA_HTTP_PORT=0 TESSERA_KEYS="k: 0123456789abcdef0123456789abcdef"
mkdir "$STATE_DIRECTORY"
mkfifo "$work/out"
"$tessera" >"$work/out" 2>"$work/tessera.log" &
pids+=($!)
read -r -t 10 ready <"$work/out" || fail "tessera does not start"
port=$(sed 's|.*:\([0-9]*\)/$|\1|' <<<"$ready")
token=$("$tessera" token --room a)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=meet.example.org \
  -addext subjectAltName=DNS:meet.example.org -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
# nginx cannot choose a port itself: try some until it starts.
sed -n '/^```nginx$/,/^```$/p' "$docs" | sed '1d;$d' >"$work/block"
grep -q 'proxy_pass http://127.0.0.1:8080;' "$work/block" || fail "the block is not in the docs"
start_nginx () {
  sed -e "s|127.0.0.1:8080|127.0.0.1:$port|; s|listen 443|listen 127.0.0.1:$1|" \
    -e "s|/etc/ssl/meet.example.org.pem|$work/cert.pem|; s|/etc/ssl/meet.example.org.key|$work/key.pem|" \
    -e "s|/var/log/nginx/tessera.log|$work/access.log|" "$work/block" >"$work/site"
  { echo "daemon off; pid $work/nginx.pid; error_log $work/error.log; events {}"
    echo "http { client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c;"
    echo "uwsgi_temp_path $work/d; scgi_temp_path $work/e; include $work/site; }"; } >"$work/nginx.conf"
  nginx -p "$work" -c "$work/nginx.conf" 2>"$work/nginx.log" &
  nginx=$!
}
ask () { curl -sS --cacert "$work/cert.pem" --connect-to "meet.example.org:443:127.0.0.1:$https" --max-time 10 "$@"; }
started=
for _ in 1 2 3 4 5 6 7 8; do
  https=$((20000 + RANDOM % 20000))
  start_nginx "$https"
  for _ in $(seq 100); do
    kill -0 "$nginx" 2>/dev/null || break
    if ask -o /dev/null https://meet.example.org/healthz 2>/dev/null; then started=yes; break; fi
  done
  [ -n "$started" ] && break
done
pids+=("$nginx")
[ -n "$started" ] || fail "nginx does not start"

status () { ask -o "$work/body" -w '%{http_code}' "$@"; }
[ "$(status https://meet.example.org/)" = 200 ] || fail "page"
[ "$(status https://meet.example.org/v1/rooms)" = 401 ] || fail "REST without a token"
[ "$(status https://meet.example.org/metrics)" = 401 ] || fail "figures without a token"
head -c 70000 /dev/zero >"$work/big"
[ "$(status --data-binary "@$work/big" https://meet.example.org/whip/a)" = 413 ] || fail "large body"
upgrade () {
  ask --http1.1 -i -N --max-time 2 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
    -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: tessera.v1' -H "Origin: $1" \
    "https://meet.example.org/v1/rooms/a/signal?access_token=$token" 2>/dev/null | tr -d '\0' || true
}
upgrade https://meet.example.org | grep -q '101 Switching' || fail "WebSocket of our own origin"
upgrade https://evil.example | grep -q ' 403 ' || fail "WebSocket of another origin"
grep -q "$token" "$work/access.log" && fail "a token is in the log"
echo "all good"
