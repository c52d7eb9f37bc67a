#!/usr/bin/env bash
# clang-tidy over the driver: its sources, the reports and the readers of files. Kernels and everything with
# LibTorch are left to the compiler's warnings and the sanitizers: they take minutes a source.
# Usage: tidy.sh BUILD_DIR
set -euo pipefail
build=${1:?usage: tidy.sh BUILD_DIR}
git ls-files 'files/*.cpp' 'json/*.cpp' 'harness/*.cpp' 'reports/*.cpp' 'checkpoint/*.cpp' \
  'apps/bench_sweep.cpp' 'apps/catalog.cpp' |
  xargs -P "$(nproc)" -n 4 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p "$build"
