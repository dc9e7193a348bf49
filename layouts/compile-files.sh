#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Packs the built-in layout files into one C file.
# usage: compile-files.sh OUTPUT.c FILE.json...
set -eu
output=$1
shift
{
  echo '/* Made by compile-files.sh. */'
  echo '#include "layouts/layout-builtin.h"'
  echo 'const McuLayoutBuiltin mcu_layout_builtins[] = {'
  for file in "$@"; do
    printf '{"%s",\n' "$(basename "$file")"
    sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$file"
    echo '},'
  done
  echo '};'
  echo "const unsigned mcu_layout_n_builtins = $#;"
} >"$output"
