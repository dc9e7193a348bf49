#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need and runs all of them. `./test.sh PART...` runs only those parts:
#   checks unit sanitized threads fuzz browser bench
# Longer things have their own commands: see docs/testing.md. TESSERA_BUILD_DIR: as for run.sh.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 1
build=${TESSERA_BUILD_DIR:-$here/build}
. tests/support/packages.sh

passed=0 failed=0 failures=()
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(checks unit sanitized threads fuzz browser bench)

say() { printf '%s\n' "test.sh: $*"; }

# step NAME COMMAND...: runs it, keeps its output in a log, and shows that only when it failed.
step() {
  local name=$1 log="$build/logs/$1.log" began=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    say "ok      $name ($((SECONDS - began)) s)"
  else
    failed=$((failed + 1)) failures+=("$name")
    say "FAILED  $name ($((SECONDS - began)) s)"
    tail -n 150 "$log"
  fi
}

# configure FOLDER OPTION...: makes a build folder, or brings an old one up to date.
configure() {
  local folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then meson configure "$folder" "$@"; else meson setup "$folder" "$here" "$@"; fi
}

# build_and_test FOLDER SUITE-ARGUMENTS...
build_and_test() {
  local folder=$1
  shift
  ninja -C "$folder" && meson test -C "$folder" --print-errorlogs --no-rebuild "$@"
}

# test_some FOLDER SUITE-ARGUMENTS...: builds only what these tests need; none at all is a failure.
test_some() {
  local folder=$1 log
  shift
  log=$(meson test -C "$folder" --print-errorlogs "$@" 2>&1) || { echo "$log"; return 1; }
  echo "$log"
  ! grep -q 'No suitable tests' <<<"$log"
}

unit() {
  configure "$build/test" -Dwerror=true -Ddebug_faults=true && build_and_test "$build/test" --no-suite bench
}

sanitized() {
  configure "$build/asan" -Db_sanitize=address,undefined -Db_lundef=false -Ddebug_faults=true -Dwerror=true &&
    ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
      LSAN_OPTIONS=suppressions=$here/tests/support/lsan.supp:print_suppressions=0 \
      build_and_test "$build/asan" --timeout-multiplier 4 --no-suite bench --no-suite slow
}

# The pure C parts only: GLib and GStreamer are not built for it and would report themselves.
threads() {
  configure "$build/tsan" -Db_sanitize=thread -Db_lundef=false &&
    TSAN_OPTIONS=halt_on_error=1 \
      test_some "$build/tsan" --timeout-multiplier 4 --suite threads
}

fuzz() {
  configure_clang && tests/fuzz/run.sh "$build/fuzz" "${FUZZ_SECONDS:-10}" "${FUZZ_RUNS:-100000}"
}

configure_clang() {
  [ -f "$build/fuzz/build.ninja" ] || CC=clang meson setup "$build/fuzz" "$here" -Dfuzzers=true -Db_lundef=false
}

browser() {
  ninja -C "$build/test" && TESSERA_OFFERS=${TESSERA_OFFERS:-2000} TESSERA_BUILD="$build/test" tests/browser/run.sh
}

bench() {
  ninja -C "$build/test" && meson test -C "$build/test" --print-errorlogs --no-rebuild --suite bench
}

mkdir -p "$build/logs"
install_missing say "${packages_build[@]}" "${packages_run[@]}" "${packages_test[@]}" || exit 1
for part in "${parts[@]}"; do
  case $part in
    checks)
      step format tests/checks/format.sh
      step layers tests/checks/layers.py
      step links tests/checks/links.py
      step configure configure "$build/test" -Dwerror=true -Ddebug_faults=true
      step headers tests/checks/headers.sh "$build/test"
      ;;
    unit | sanitized | threads | fuzz | browser | bench) step "$part" "$part" ;;
    *) say "no part is called $part"; exit 2 ;;
  esac
done
[ ${#failures[@]} -eq 0 ] || say "failed: ${failures[*]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
