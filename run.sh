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
export TESSERA_ROOM_PROGRAM="$build/pipelines/process/tessera-room"

if [ "$lan" = yes ]; then
  exec "$here/tests/support/lan.sh" "$build/signaling/tessera" ${args[@]+"${args[@]}"}
fi
exec "$build/signaling/tessera" ${args[@]+"${args[@]}"}
