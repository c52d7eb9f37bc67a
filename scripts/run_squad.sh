#!/usr/bin/env bash
# Fine-tunes BERT on SQuAD v1.1 with the fused layer, answers the development questions and scores
# the answers, as BingBertSquad's run_squad_deepspeed.sh does, with the same four arguments.
#
# Usage: run_squad.sh PROCESSES CHECKPOINT DATA_DIR OUTPUT_DIR [OPTION...]
#
# CHECKPOINT is what `bert_squad train --model_file` takes. DATA_DIR holds train-v1.1*.json and
# dev-v1.1*.json, each perhaps packed as .xz. OPTIONs are further ones of `bert_squad train` and
# `bert_squad predict`, for example --origin_bert_config_file or --preln: each command gets those that
# are meant for it. From the environment: PRECISION (bf16), IMPLEMENTATION (fused), FLAGS (none),
# VOCABULARY (vocab.txt beside the checkpoint, or bert-base-uncased's).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bert_squad=${BERT_SQUAD:-$root/build/bin/bert_squad}
fail() { printf 'run_squad: error: %s\n' "$*" >&2; exit 2; }
[ $# -ge 4 ] || fail "usage: run_squad.sh PROCESSES CHECKPOINT DATA_DIR OUTPUT_DIR [OPTION...]"
processes=$1 checkpoint=$2 data=$3 output=$4
shift 4
[ -x "$bert_squad" ] || fail "$bert_squad is not there; run make build"
[[ $processes =~ ^[1-9][0-9]*$ ]] || fail "the number of processes is '$processes'"

find_data() {
  local file
  for file in "$data/$1"*.json "$data/$1"*.json.xz; do
    [ -f "$file" ] && echo "$file" && return
  done
  fail "no $1*.json in $data"
}

# Both commands must cut windows and run the model alike. Options that say how to read CHECKPOINT
# (--ckpt_type, --origin_bert_config_file, --pad_vocabulary, --vocab_file, --seed) are for train alone:
# predict reads what train wrote. So are all that are not listed, which train knows or refuses.
train_options=() predict_options=() to=train
for argument in "$@"; do
  case ${argument%%=*} in
    --preln | --implementation | --deepspeed_transformer_kernel | --flags | --precision | --device | \
      --threads | --do_lower_case | --compat | --max_seq_length | --doc_stride | --max_query_length | \
      --cache_dir | --no_cache | --deepspeed) to=both ;;
    --predict_batch_size | --n_best_size | --max_answer_length) to=predict ;;
    --*) to=train ;;
  esac  # A value goes where its option went.
  [ "$to" = predict ] || train_options+=("$argument")
  [ "$to" = train ] || predict_options+=("$argument")
done

folder=$checkpoint
[ -d "$folder" ] || folder=$(dirname "$checkpoint")
vocabulary=${VOCABULARY:-$folder/vocab.txt}
[ -f "$vocabulary" ] || vocabulary=$root/data/vocab/bert-base-uncased-vocab.txt
train=$(find_data train-v1.1)
dev=$(find_data dev-v1.1)
shared=(--do_lower_case --max_seq_length 384 --doc_stride 128
  --implementation "${IMPLEMENTATION:-fused}" --precision "${PRECISION:-bf16}"
  ${FLAGS:+--flags "$FLAGS"})
launch=()
[ "$processes" -eq 1 ] || launch=(mpirun --bind-to none -np "$processes")

"${launch[@]}" "$bert_squad" train --train_file "$train" --model_file "$checkpoint" \
  --vocab_file "$vocabulary" --output_dir "$output" --learning_rate 3e-5 --num_train_epochs 2 --seed 12345 \
  "${shared[@]}" "${train_options[@]}"
"$bert_squad" predict --predict_file "$dev" --model_file "$output" --output_dir "$output" \
  "${shared[@]}" "${predict_options[@]}"
"$bert_squad" evaluate "$dev" "$output/predictions.json" | tee "$output/scores.json"
