#!/usr/bin/env bash
# Makes the virtual environment that examples/hf_worker.py runs in: torch 2.11.0, transformers and what
# they need, PyPI wheels pinned by hash, in a cache outside the clone; and prints its folder. Safe to
# run again; with everything in place it needs no network and changes nothing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${BENCH_SWEEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bench_sweep}
environment=$cache/huggingface
requirements=$here/hf-requirements.txt
cuda_requirements=$here/hf-cuda-requirements.txt

say() { printf 'hf_environment: %s\n' "$*" >&2; }
fail() { printf 'hf_environment: error: %s\n' "$*" >&2; exit 1; }

# shellcheck source=scripts/debian_packages.sh
source "$here/debian_packages.sh"

# Of Debian's Python, whose version the wheels are pinned for.
install_wheels() {
  /usr/bin/python3 -m pip --disable-pip-version-check --python "$environment/bin/python" \
    install --quiet --no-deps --require-hashes --only-binary=:all: --root-user-action=ignore \
    --requirement "$1" >&2 ||
    fail "could not install the wheels of $1 (pip's message is above). Check the network or pip's index settings, then run this again; nothing was kept"
}

torch_starts() { "$environment/bin/python" -c 'import torch' 2>/dev/null; }

complete=$(cat "$requirements" "$cuda_requirements" | sha256sum)
is_complete() { [ "$(cat "$environment/complete" 2>/dev/null)" = "$complete" ]; }

if ! is_complete; then
  install_packages g++ python3-dev python3-pip  # what torch.compile compiles with, and pip
  mkdir -p "$cache"
  exec 9>"$cache/.huggingface-lock"
  flock 9
fi
if ! is_complete; then
  rm -rf "$environment"  # of other pins, or of a run that was killed
  trap '[ -f "$environment/complete" ] || rm -rf "$environment"' EXIT
  versions=$(grep -oE '^(torch|transformers)==[^ ]+' "$requirements" | tr '\n' ' ')
  say "installing ${versions}and $(($(grep -c == "$requirements") - 2)) other wheels (PyPI, 780 MB; pip's cache may have torch from scripts/setup.sh) into $environment"
  /usr/bin/python3 -m venv --without-pip "$environment" || fail "could not make $environment"
  install_wheels "$requirements"
  if ! torch_starts; then
    say "there is no CUDA 13 toolkit: installing the CUDA libraries that torch's wheel needs to start even on a CPU (PyPI, 2 GB)"
    install_wheels "$cuda_requirements"
    torch_starts || fail "torch does not start in $environment; nothing was kept"
  fi
  printf '%s\n' "$complete" >"$environment/complete"
  say "torch and transformers are in $environment"
fi
echo "$environment"
