#!/usr/bin/env bash
# Everything that needs a GPU, on a machine that has one, after `make CUDA=1 build`: the tests that
# need a device, the fused layer's once more under compute-sanitizer where it is installed, the
# kernels' times, a sweep, and the one of the largest micro-batches. What came out is packed into
# BUILD/gpu.tar.gz, whole or as far as it went.
#
# Usage: gpu.sh BUILD_DIR [PART...]
#
# PARTs: tests, memcheck, kernels, sweep, largest; all of them without any. Each is stopped after 10
# minutes (PART_SECONDS=600), and has failed then. SWEEP=sweeps/h100_80g.json names another sweep,
# beside which that of `largest` stands, FILTER='^layer/|/bert-large/' other kernels. Exit status 6
# where there is no GPU, 1 where a part failed, 2 where it cannot begin.
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
say() { printf 'gpu: %s\n' "$*" >&2; }
fail() { say "error: $2"; exit "$1"; }

build=${1:?usage: gpu.sh BUILD_DIR [PART...]}
shift
[ $# -gt 0 ] || set -- tests memcheck kernels sweep largest
for part in "$@"; do
  case $part in
    tests | memcheck | kernels | sweep | largest) ;;
    *) fail 2 "there is no part \"$part\"; there are tests, memcheck, kernels, sweep, largest" ;;
  esac
done
limit=${PART_SECONDS:-600}
[[ $limit =~ ^[1-9][0-9]*$ ]] || fail 2 "PART_SECONDS=$limit is not a number of seconds"
[ -x "$build/bin/kernels_layer_gpu_test" ] ||
  fail 2 "$build holds no build for GPUs; run make CUDA=1 build"
gpus=$(nvidia-smi -L 2> /dev/null) || fail 6 "no GPU: nvidia-smi finds none"

out=$build/gpu
rm -rf "$out" "$build/gpu.tar.gz"
mkdir -p "$out"
out=$(realpath "$out")
printf '%s\n' "$gpus" > "$out/gpus.txt"
nvidia-smi -q > "$out/nvidia-smi.txt"

# Runs a command of a part in what is left of its time; exit status 124 where that was not enough.
limited() {
  local left=$((deadline - SECONDS))
  [ "$left" -gt 0 ] || return 124
  timeout --kill-after=30 "$left" "$@"
  local status=$?
  [ "$status" -ne 137 ] || status=124 # it took no notice of the first signal
  return "$status"
}

# Several at a time: most of a test's time is its process's start.
tests() {
  limited ctest --test-dir "$build" -L gpu --no-tests=error --output-on-failure -j 4 \
    --output-junit "$out/tests.xml"
}

# Reads and writes out of bounds, races in shared memory, and barriers that not all threads reach, on
# the smallest cases. LibTorch's cache would give out parts of segments of 2 and 20 MiB, whose
# neighbours are valid memory too: without it every tensor is an allocation that the checker knows.
memcheck() {
  if ! command -v compute-sanitizer > /dev/null; then
    say "memcheck: left out, as compute-sanitizer is not installed"
    return 0
  fi
  local tool
  for tool in memcheck racecheck synccheck; do
    limited env PYTORCH_NO_CUDA_MEMORY_CACHING=1 compute-sanitizer --tool "$tool" --error-exitcode 1 \
      "$build/bin/kernels_layer_gpu_test" \
      --gtest_filter='*without_padding*dropout' > "$out/$tool.txt" 2>&1 || return
  done
}

kernels() {
  limited "$build/bin/bench_kernels" --device cuda \
    --benchmark_filter="${FILTER:-^layer/|/bert-large/}" \
    --benchmark_min_time=0.02 --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_out="$out/kernels.json" --benchmark_out_format=json || return
  if [ -n "${FILTER:-}" ]; then
    say "kernels: no table of FILTER=$FILTER, as it has the lines of all; the numbers are in kernels.json"
    return 0
  fi
  "$root/scripts/kernel_table.py" "$out/kernels.json" > "$out/kernels.md" ||
    { rm -f "$out/kernels.md"; return 1; }
}

# measured SWEEP DIR: a sweep that is stopped keeps its records; its reports are then of those.
measured() {
  limited "$build/bin/bench_sweep" "$1" --out "$2"
  local status=$?
  if [ "$status" -eq 124 ] && [ -e "$2/records.jsonl" ]; then
    "$build/bin/bench_sweep" report "$2" || say "$part: no reports of what it measured"
  fi
  return "$status"
}

sweep=${SWEEP:-$root/sweeps/h100_80g.json}
sweep() { measured "$sweep" "$out/run"; }

largest() {
  local file=${sweep%.json}_largest.json
  if [ ! -e "$file" ]; then
    say "largest: left out, as there is no $file"
    return 0
  fi
  measured "$file" "$out/run_largest"
}

failed=()
for part in "$@"; do
  say "$part"
  deadline=$((SECONDS + limit))
  "$part"
  status=$?
  if [ "$status" -eq 124 ]; then
    say "$part: stopped, as it did not end within $limit s"
  fi
  [ "$status" -eq 0 ] || failed+=("$part")
done
tar -C "$build" -czf "$build/gpu.tar.gz" gpu || fail 1 "cannot pack $out"
say "results are in $build/gpu.tar.gz"
[ ${#failed[@]} -eq 0 ] || fail 1 "failed: ${failed[*]}"
