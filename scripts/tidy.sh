#!/usr/bin/env bash
# clang-tidy over the sources that need no LibTorch (one that does takes half a minute).
# Usage: tidy.sh BUILD_DIR
set -euo pipefail
build=${1:?usage: tidy.sh BUILD_DIR}
git ls-files 'harness/*.cpp' 'reports/*.cpp' 'checkpoint/*.cpp' 'apps/bench_sweep.cpp' \
  'apps/catalog.cpp' |
  xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$build"
