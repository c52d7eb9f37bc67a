#include "reports/deepspeed_config.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace reports {

using Json = nlohmann::ordered_json;

std::string deepspeed_config(const harness::Cell& cell) {
  Json config = {
      {"train_batch_size", cell.global_batch},
      {"train_micro_batch_size_per_gpu", cell.micro_batch},
      {"gradient_accumulation_steps", cell.accumulation_steps()},
      {"optimizer",
       {{"type", "Adam"},
        {"params", {{"lr", 3e-5}, {"weight_decay", 0.0}, {"bias_correction", false}}}}},
      {"gradient_clipping", 1.0},
  };
  if (cell.precision != "fp32") config[cell.precision] = {{"enabled", true}};
  for (const std::string& flag : cell.flags) config["transformer_kernel"][flag] = true;
  return config.dump(2) + "\n";
}

std::string training_command(const harness::Cell& cell) {
  const bool stochastic =
      std::find(cell.flags.begin(), cell.flags.end(), "stochastic_mode") != cell.flags.end();
  return fmt::format(
      "bert_squad train --deepspeed_config deepspeed_config.json --implementation {} --optimizer "
      "{} --max_seq_length {}{}",
      cell.implementation, cell.optimizer, cell.sequence_length,
      stochastic ? " --allow_stochastic_mode" : "");
}

}  // namespace reports
