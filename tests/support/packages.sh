# SPDX-License-Identifier: Apache-2.0
# Debian 12's packages that Tessera needs: read by run.sh and test.sh, and by nothing else.
# shellcheck shell=bash disable=SC2034

packages_build=(gcc libc6-dev meson ninja-build pkg-config libglib2.0-dev libglib2.0-bin libjson-glib-dev
  libsoup-3.0-dev libssl-dev libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  libgstreamer-plugins-bad1.0-dev libnice-dev libsrtp2-dev libopus-dev libyuv-dev libpango1.0-dev
  libcairo2-dev libturbojpeg0-dev libseccomp-dev libsqlite3-dev)

packages_run=(gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice
  glib-networking openssl hostname fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji)

packages_test=(clang clang-format libclang-rt-14-dev nodejs npm chromium firefox-esr coturn nginx-light ffmpeg
  procps curl python3 python3-gi gir1.2-gst-rtsp-server-1.0 libnginx-mod-rtmp srt-tools pulseaudio libvpx-dev libopenh264-dev)

# install_missing SAY PACKAGE...: installs those that are not there; as root, or through sudo.
install_missing() {
  local say=$1 missing=() package sudo=
  shift
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  # A newer Node.js than Debian's brings its own npm.
  if command -v node >/dev/null && command -v npm >/dev/null; then
    local kept=()
    for package in ${missing[@]+"${missing[@]}"}; do
      [ "$package" = nodejs ] || [ "$package" = npm ] || kept+=("$package")
    done
    missing=(${kept[@]+"${kept[@]}"})
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  "$say" "installing ${missing[*]}"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { "$say" "run this as root, or install sudo"; return 1; }
    sudo=sudo
  fi
  $sudo apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}
