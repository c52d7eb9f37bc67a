#!/usr/bin/env bash
# Run every fuzzer of a build for some seconds each, from the seeds of the test data. Stops at the
# first that finds a crash, a hang or too much memory, and keeps the input that did it.
# Usage: fuzz.sh BUILD_DIR [SECONDS_EACH]
set -euo pipefail
build=${1:?usage: fuzz.sh BUILD_DIR [SECONDS_EACH]}
seconds=${2:-60}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$build/fuzz
python3 "$root/tests/fuzz/make_seeds.py" "$root" "$work/seeds"
for program in "$build"/bin/fuzz_*; do
  name=${program##*/fuzz_}
  mkdir -p "$work/found/$name" "$work/seeds/$name" "$work/artifacts"
  echo "fuzz: $name, $seconds s"
  log=$work/$name.log
  if ! "$program" -max_total_time="$seconds" -max_len=100000 -timeout=10 -rss_limit_mb=2048 \
    -malloc_limit_mb=512 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$work/artifacts/$name-" "$work/found/$name" "$work/seeds/$name" 2>"$log"; then
    cat "$log" >&2
    echo "fuzz: error: $name failed; the input is in $work/artifacts" >&2
    exit 1
  fi
  grep -E '^stat::(number_of_executed_units|peak_rss_mb)' "$log"
done
