#!/usr/bin/env bash
# run_squad.sh with plain PyTorch operators as BingBertSquad's baseline has them, in the place of the
# fused layer. Same arguments and environment.
# Usage: run_squad_baseline.sh PROCESSES CHECKPOINT DATA_DIR OUTPUT_DIR [OPTION...]
set -euo pipefail
IMPLEMENTATION=pytorch_eager exec "$(dirname "$0")/run_squad.sh" "$@"
