#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-format decides how C looks; every source file names its licence.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.c' '*.h')
clang-format --dry-run --Werror "${sources[@]}" || status=1
mapfile -t licensed < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.js' '*.mjs' '*.sh' '*.py' '*.css' 'meson.build' '*/meson.build')
for file in "${licensed[@]}"; do
  head -n 8 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { echo "$file: no SPDX line"; status=1; }
done
exit $status
