#!/usr/bin/env bash
# Everything that needs a GPU, on a machine that has one, after `make CUDA=1 build`: the kernels
# against the reference on the device, the same under compute-sanitizer where it is installed, and a
# sweep. What came out is packed into BUILD/gpu.tar.gz, whole or as far as it went.
#
# Usage: gpu.sh BUILD_DIR [PART...]
#
# PARTs: tests, memcheck, sweep; all of them without any. SWEEP=sweeps/h100_80g.json names another
# sweep. Exit status 6 where there is no GPU, 1 where a part failed.
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
say() { printf 'gpu: %s\n' "$*" >&2; }
fail() { say "error: $2"; exit "$1"; }

build=${1:?usage: gpu.sh BUILD_DIR [PART...]}
shift
[ -x "$build/bin/kernels_layer_gpu_test" ] ||
  fail 2 "$build holds no build for GPUs; run make CUDA=1 build"
gpus=$(nvidia-smi -L 2> /dev/null) || fail 6 "no GPU: nvidia-smi finds none"

out=$build/gpu
rm -rf "$out"
mkdir -p "$out"
printf '%s\n' "$gpus" > "$out/gpus.txt"
nvidia-smi -q > "$out/nvidia-smi.txt"

tests() {
  ctest --test-dir "$build" -L gpu --no-tests=error --output-on-failure \
    --output-junit "$(realpath "$out")/tests.xml"
}

# Reads and writes out of bounds, and races in shared memory, on the smallest cases.
memcheck() {
  if ! command -v compute-sanitizer > /dev/null; then
    say "memcheck: left out, as compute-sanitizer is not installed"
    return 0
  fi
  local tool
  for tool in memcheck racecheck; do
    compute-sanitizer --tool "$tool" --error-exitcode 1 "$build/bin/kernels_layer_gpu_test" \
      --gtest_filter='*without_padding*dropout' > "$out/$tool.txt" 2>&1 || return 1
  done
}

sweep() {
  "$build/bin/bench_sweep" "${SWEEP:-$root/sweeps/h100_80g.json}" --out "$out/run"
}

[ $# -gt 0 ] || set -- tests memcheck sweep
failed=()
for part in "$@"; do
  case $part in
    tests | memcheck | sweep) ;;
    *) fail 2 "there is no part \"$part\"; there are tests, memcheck, sweep" ;;
  esac
  say "$part"
  "$part" || failed+=("$part")
done
tar -C "$build" -czf "$build/gpu.tar.gz" gpu
say "results are in $build/gpu.tar.gz"
[ ${#failed[@]} -eq 0 ] || fail 1 "failed: ${failed[*]}"
