#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The coverage-guided fuzzers, each for so many seconds.
#   run.sh BUILD [SECONDS [RUNS]]     BUILD: CC=clang meson setup BUILD -Dfuzzers=true -Db_lundef=false
# What makes one fail is left in BUILD/found; give it to the same program to see it again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
seconds=${2:-10}
runs=${3:--1}
mkdir -p "$build/found"
for target in "$here"/fuzz-*.c; do
  name=$(basename "$target" .c)
  name=${name#fuzz-}
  corpus=$here/corpus/$name
  [ "$name" != offer ] || corpus=$here/../data/offers
  work=$(mktemp -d)
  echo "fuzz-$name: $seconds s"
  ninja -C "$build" "tests/fuzz/fuzz-$name" >"$build/found/build.log" || { cat "$build/found/build.log"; exit 1; }
  # FUZZ_SEED=0 takes another way each time; the ordinary run takes the same one, and ends after so many
  # runs at the latest, so that a faster machine finds no more than a slower one.
  "$build/tests/fuzz/fuzz-$name" -seed="${FUZZ_SEED:-1}" -max_total_time="$seconds" -runs="$runs" -max_len=20000 -timeout=10 -verbosity=0 \
    -artifact_prefix="$build/found/$name-" "$work" "$corpus"
  rm -rf "$work"
done
