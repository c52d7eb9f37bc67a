#!/usr/bin/env bash
# Fine-tunes all-MiniLM-L6-v2 (fetched and pinned, scripts/fetch_minilm.sh) on the 44 articles of
# SQuAD's training set in data/squad, with the fused layer in bf16 without padding, then answers and
# scores the whole development set.
#
# Usage: finetune.sh OUTPUT_DIR [OPTION...]
#
# OPTIONs are further ones of `bert_squad train` and `predict`, as run_squad.sh takes them (--max_steps
# 20 for a quick look; --seed; what is given twice counts as given last). An interrupted run goes on with the option --resume. From the
# environment: IMPLEMENTATION, FLAGS and PRECISION as run_squad.sh has them, and DATA_DIR.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
output=${1:?usage: finetune.sh OUTPUT_DIR [OPTION...]}
shift
# The published learning rate is for a model fifteen times as large: MiniLM takes more.
FLAGS=${FLAGS-remove_padding} "$root/scripts/run_squad.sh" 1 "$("$root/scripts/fetch_minilm.sh")" \
  "${DATA_DIR:-$root/data/squad}" "$output" --optimizer fused_adamw --learning_rate 1e-4 \
  --train_micro_batch_size_per_gpu 12 "$@"
