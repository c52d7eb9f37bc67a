#!/usr/bin/env bash
# A sweep as a Slurm job array, one shard a task, each on a node of its own:
#   sbatch --array=1-4 scripts/slurm_array.sh SPEC RUNS 4
# writes RUNS/shard1 ... RUNS/shard4, which `bench_sweep merge` joins. A task that is started again
# goes on where it stopped. bench_sweep is on the PATH, or BENCH_SWEEP names it.
#SBATCH --job-name=bench_sweep
#SBATCH --nodes=1
#SBATCH --exclusive
#SBATCH --open-mode=append
#SBATCH --output=bench_sweep-%A_%a.log
# Asks the program to stop a minute before the time limit, so that it reports what it has.
#SBATCH --signal=B:TERM@60
set -euo pipefail
[ $# = 3 ] || { echo "usage: sbatch --array=1-N $0 SPEC RUNS N" >&2; exit 2; }
spec=$1 runs=$2 shards=$3
exec "${BENCH_SWEEP:-bench_sweep}" "$spec" --shard "$SLURM_ARRAY_TASK_ID/$shards" \
  --resume "$runs/shard$SLURM_ARRAY_TASK_ID" --quiet
