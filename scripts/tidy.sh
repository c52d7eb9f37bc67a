#!/usr/bin/env bash
# clang-tidy over what needs no LibTorch: the driver, the reports, the readers of files, SQuAD's texts
# and the commands on them. Kernels and everything with LibTorch are left to the compiler's warnings
# and the sanitizers: they take minutes a source.
# Usage: tidy.sh BUILD_DIR
set -euo pipefail
build=${1:?usage: tidy.sh BUILD_DIR}
git ls-files 'files/*.cpp' 'json/*.cpp' 'harness/*.cpp' 'reports/*.cpp' 'checkpoint/*.cpp' \
  'serve/*.cpp' 'simulated/*.cpp' apps/bench_simulated_worker.cpp \
  'squad/*.cpp' model/epoch_order.cpp model/window_file.cpp apps/bench_sweep.cpp apps/catalog.cpp \
  apps/bert_squad/{convert,evaluate,features,inspect,main,questions}.cpp |
  xargs -P "$(nproc)" -n 4 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p "$build"
