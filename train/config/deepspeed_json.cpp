#include "train/config/deepspeed_json.h"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "files/text_file.h"
#include "json/node.h"
#include "train/config/number_range.h"
#include "train/config/optimizer_section.h"
#include "train/config/precision_section.h"
#include "train/config/scheduler_section.h"
#include "train/config/supported_keys.h"

namespace train {
namespace {

constexpr int64_t kMostProcesses = 1'000'000;

/// DeepSpeed's 0 is no clipping.
std::optional<double> read_clipping(const json::Node& root) {
  const auto node = root.find("gradient_clipping");
  if (!node) return std::nullopt;
  const double norm = non_negative_number(*node);
  return norm > 0 ? std::optional(norm) : std::nullopt;
}

int read_zero_stage(const json::Node& root, OptimizerKind optimizer) {
  const auto section = root.find("zero_optimization");
  if (!section) return 0;
  const auto node = section->find("stage");
  if (!node) return 0;
  const int64_t stage = node->integer(0, 3);
  if (stage > 1) {
    node->fail(
        fmt::format("stage {} is not supported; give 0, or 1, which partitions the "
                    "optimizer's state",
                    stage));
  }
  if (stage > 0 && optimizer == OptimizerKind::kLamb) {
    node->fail(
        "Lamb's step depends on a whole parameter, and ZeRO cuts parameters into parts; give 0, or "
        "another optimizer");
  }
  return static_cast<int>(stage);
}

std::vector<std::string> read_kernel_flags(const json::Node& root) {
  std::vector<std::string> flags;
  if (const auto section = root.find("transformer_kernel")) {
    for (const auto& [key, value] : section->members()) {
      if (section->member(key).boolean()) flags.push_back(key);
    }
  }
  return flags;
}

}  // namespace

EngineConfig parse_deepspeed_config(std::string_view text, const std::string& file,
                                    int64_t processes,
                                    std::span<const std::string_view> kernel_flags,
                                    const BatchOverrides& batches) {
  if (processes < 1 || processes > kMostProcesses) {
    throw std::invalid_argument(
        fmt::format("{} processes: give a number from 1 to {}", processes, kMostProcesses));
  }
  const json::Node root = json::Node::parse(text, file);
  require_supported_keys(root, kernel_flags);
  const BatchSizes sizes = read_batch_sizes(root, processes, batches);
  const PrecisionConfig precision = read_precision(root);
  EngineConfig config;
  config.global_batch = sizes.global;
  config.micro_batch = sizes.micro;
  config.accumulation_steps = sizes.accumulation_steps;
  config.optimizer = read_optimizer(root.member("optimizer"));
  config.max_gradient_norm = read_clipping(root);
  config.precision = precision.precision;
  config.loss_scale = precision.loss_scale;
  if (const auto scheduler = root.find("scheduler")) {
    config.schedule = read_scheduler(*scheduler, config.optimizer.learning_rate);
  }
  if (const auto steps = root.find("steps_per_print")) {
    config.steps_per_print = number_of_steps(*steps);
  }
  if (const auto node = root.find("wall_clock_breakdown")) {
    config.wall_clock_breakdown = node->boolean();
  }
  config.zero_stage = read_zero_stage(root, config.optimizer.kind);
  config.kernel_flags = read_kernel_flags(root);
  return config;
}

EngineConfig read_deepspeed_config(const std::filesystem::path& file, int64_t processes,
                                   std::span<const std::string_view> kernel_flags,
                                   const BatchOverrides& batches) {
  return parse_deepspeed_config(files::read_text_file(file), file.string(), processes, kernel_flags,
                                batches);
}

}  // namespace train
