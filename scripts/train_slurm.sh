#!/usr/bin/env bash
#SBATCH --job-name=bert_squad
#SBATCH --nodes=1
#SBATCH --ntasks=2
#SBATCH --cpus-per-task=1
#SBATCH --output=bert_squad-%j.log
# Fine-tunes in as many processes as the job has tasks; see docs/data_parallel.md.
#
# Usage: sbatch [--ntasks=N --cpus-per-task=THREADS ...] scripts/train_slurm.sh OPTION...
#        PROCESSES=N bash scripts/train_slurm.sh OPTION...      (on this machine, without Slurm)
#
# OPTIONs are those of `bert_squad train`. Run it from the repository's root, or give the program in
# BERT_SQUAD. A job that is started again with --resume goes on from its last checkpoint.
set -euo pipefail

bert_squad=${BERT_SQUAD:-build/bin/bert_squad}
if [ ! -x "$bert_squad" ]; then
  echo "train_slurm: error: $bert_squad is not there; run make build" >&2
  exit 2
fi
if [ -n "${SLURM_JOB_ID:-}" ]; then
  # Since 22.05 srun does not take the job's --cpus-per-task by itself.
  exec srun --mpi=pmix --kill-on-bad-exit=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" \
    "$bert_squad" train "$@"
fi
exec mpirun --bind-to none -np "${PROCESSES:-2}" "$bert_squad" train "$@"
