#include "train/config/supported_keys.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace train {
namespace {

/// An object of the configuration: the keys that lead to it, and those that it may have.
struct Section {
  std::vector<std::string> path;
  std::vector<std::string_view> keys;
};

/// What params of all types may have; that they fit the type is for their readers to see.
std::vector<Section> sections(std::span<const std::string_view> kernel_flags) {
  return {{{},
           {"train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps",
            "optimizer", "scheduler", "gradient_clipping", "fp16", "bf16", "zero_optimization",
            "steps_per_print", "wall_clock_breakdown", "transformer_kernel"}},
          {{"optimizer"}, {"type", "params"}},
          {{"optimizer", "params"},
           {"lr", "betas", "eps", "weight_decay", "bias_correction", "adam_w_mode", "max_coeff",
            "min_coeff"}},
          {{"scheduler"}, {"type", "params"}},
          {{"scheduler", "params"},
           {"warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "warmup_type", "total_num_steps",
            "warmup_proportion"}},
          {{"fp16"},
           {"enabled", "auto_cast", "loss_scale", "initial_scale_power", "loss_scale_window",
            "hysteresis", "consecutive_hysteresis", "min_loss_scale"}},
          {{"bf16"}, {"enabled"}},
          {{"zero_optimization"}, {"stage"}},
          {{"transformer_kernel"}, {kernel_flags.begin(), kernel_flags.end()}}};
}

/// None where there is no object.
std::optional<json::Node> object_at(const json::Node& root, const std::vector<std::string>& path) {
  std::optional<json::Node> node = root;
  for (const std::string& key : path) {
    if (!node || !node->value().is_object()) return std::nullopt;
    node = node->find(key);
  }
  return node && node->value().is_object() ? node : std::nullopt;
}

}  // namespace

void require_supported_keys(const json::Node& root,
                            std::span<const std::string_view> kernel_flags) {
  constexpr std::size_t kMaxNamed = 50;
  std::vector<std::string> found;
  for (const Section& section : sections(kernel_flags)) {
    const std::optional<json::Node> object = object_at(root, section.path);
    if (!object) continue;
    for (const auto& [key, value] : object->members()) {
      const bool known =
          std::find(section.keys.begin(), section.keys.end(), key) != section.keys.end();
      if (!known) found.push_back(object->member(key).path());
    }
  }
  if (found.empty()) return;
  const std::string more =
      found.size() > kMaxNamed ? fmt::format(" and {} more", found.size() - kMaxNamed) : "";
  found.resize(std::min(found.size(), kMaxNamed));
  root.fail(
      fmt::format("keys that are not supported: {}{}; remove them (docs/deepspeed_config.md lists "
                  "those that are)",
                  fmt::join(found, ", "), more));
}

}  // namespace train
