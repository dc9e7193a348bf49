#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Control never links GStreamer, neither itself nor through what it links.
# usage: no-gstreamer.sh PATH_OF_TESSERA
set -eu
export LC_ALL=C
needed=$(ldd "$1")
echo "$needed" | grep -q libsoup-3 || { echo "this is not the program that was meant: no libsoup"; exit 1; }
if echo "$needed" | grep -E 'libgst|libnice|libsrtp|libopus|libvpx|libopenh264'; then
  echo "tessera links media libraries"
  exit 1
fi
if grep -aoE 'libgst[a-z]+-1\.0\.so' "$1" | sort -u | grep .; then
  echo "tessera names GStreamer libraries to load later"
  exit 1
fi
