#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, starts a server whose page works. Quick when nothing is to be done.
#   ./run.sh          on 127.0.0.1:8080, for this machine
#   ./run.sh --lan    on all addresses, with a self-signed certificate and a key in the printed link
# Anything else is handed to tessera (see `./run.sh --help`). TESSERA_BUILD_DIR chooses the build folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${TESSERA_BUILD_DIR:-$here/build}
. "$here/tests/support/packages.sh"

say() { printf '%s\n' "run.sh: $*" >&2; }

lan=no
args=()
for arg in "$@"; do
  if [ "$arg" = --lan ]; then lan=yes; else args+=("$arg"); fi
done

install_missing say "${packages_build[@]}" "${packages_run[@]}"
if [ ! -f "$build/build.ninja" ]; then
  say "setting up $build"
  meson setup --buildtype=release "$build" "$here" >"$here/.run.setup.log" 2>&1 || { cat "$here/.run.setup.log" >&2; exit 1; }
  rm -f "$here/.run.setup.log"
fi
say "building"
ninja -C "$build" signaling/tessera pipelines/process/tessera-room >&2

# A certificate that browsers warn of once, a key that only the printed link holds.
lan() {
  local state=${XDG_STATE_HOME:-$HOME/.local/state}/tessera-lan addresses
  mkdir -p "$state" && chmod 700 "$state"
  addresses=$(hostname -I | tr ' ' '\n' | grep -v '^$' | sed 's/^/IP:/' | paste -sd, -)
  [ -n "$addresses" ] || addresses=IP:127.0.0.1
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=tessera \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,$addresses" \
    -keyout "$state/key.pem" -out "$state/certificate.pem" 2>/dev/null
  (umask 077 && cat >"$state/lan.conf" <<CONF
[http]
address=0.0.0.0
port=${TESSERA_LAN_PORT:-8443}
tls_certificate=$state/certificate.pem
tls_key=$state/key.pem

$("$build/signaling/tessera" keys)
CONF
  )
  say "open this on any device in your network (the browser will warn of the certificate once):"
  say "$("$build/signaling/tessera" --config "$state/lan.conf" token --room meeting --ttl 86400 --url)"
  exec "$build/signaling/tessera" --config "$state/lan.conf" "$@"
}

if [ "$lan" = yes ]; then
  lan ${args[@]+"${args[@]}"}
fi
exec "$build/signaling/tessera" ${args[@]+"${args[@]}"}
