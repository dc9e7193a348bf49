#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone. BUILD is a build folder, for config.h.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
flags=$(pkg-config --cflags glib-2.0 gio-unix-2.0 json-glib-1.0 libsoup-3.0 gstreamer-1.0 gstreamer-app-1.0 \
  gstreamer-rtp-1.0 gstreamer-sdp-1.0 gstreamer-video-1.0 gstreamer-webrtc-1.0 pangocairo opus openssl libsrtp2)
mapfile -t headers < <(git ls-files --cached --others --exclude-standard '*.h')
printf '%s\n' "${headers[@]}" | FLAGS=$flags BUILD=$build xargs -P 2 -I{} sh -c \
  'gcc -x c -std=gnu11 -D_GNU_SOURCE -DGST_USE_UNSTABLE_API -Wall -Werror -fsyntax-only -I. -I"$BUILD" $FLAGS -include "{}" /dev/null || { echo "{}: does not compile alone"; exit 255; }'
echo "headers: ${#headers[@]} compile alone"
