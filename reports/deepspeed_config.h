#pragma once

#include <string>

#include "harness/protocol/cell.h"

namespace reports {

/// deepspeed_config.json: the configuration by which `bert_squad train --deepspeed_config` trains
/// as the cell does, in one process (docs/deepspeed_config.md): batch sizes, precision and flags
/// are the cell's; Adam's parameters and the clipping, which no cell has, are those of the
/// published configs/deepspeed_bsz24_config.json. The cell's micro-batch must divide its global
/// batch.
std::string deepspeed_config(const harness::Cell& cell);

/// The options that go with the configuration, which has no keys for them: "bert_squad train
/// --deepspeed_config deepspeed_config.json --implementation fused ...".
std::string training_command(const harness::Cell& cell);

}  // namespace reports
