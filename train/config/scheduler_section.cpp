#include "train/config/scheduler_section.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

#include "train/config/number_range.h"

namespace train {
namespace {

/// Parameters of a scheduler that may all be missing.
class Params {
 public:
  explicit Params(const json::Node& scheduler) : node_(scheduler.find("params")) {}

  /// Refuses every key but `allowed`.
  void only(std::string_view type, std::initializer_list<std::string_view> allowed) const {
    if (!node_) return;
    for (const auto& [key, value] : node_->members()) {
      if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
        node_->member(key).fail(fmt::format("{} has no such parameter; remove it", type));
      }
    }
  }
  std::optional<json::Node> find(const char* key) const {
    return node_ ? node_->find(key) : std::nullopt;
  }
  void rate(const char* key, double& value) const {
    if (const auto node = find(key)) value = non_negative_number(*node);
  }

 private:
  std::optional<json::Node> node_;
};

WarmupShape read_shape(const json::Node& node) {
  if (node.text() == "log") return WarmupShape::kLog;
  if (node.text() == "linear") return WarmupShape::kLinear;
  node.fail(fmt::format("unknown warmup_type {}; give \"log\" or \"linear\"", node.shown()));
}

WarmupSchedule read_warmup(const Params& params, double maximum) {
  WarmupSchedule warmup{.maximum = maximum};
  params.rate("warmup_min_lr", warmup.minimum);
  params.rate("warmup_max_lr", warmup.maximum);
  if (const auto steps = params.find("warmup_num_steps")) {
    warmup.warmup_steps = number_of_steps(*steps);
  }
  if (const auto shape = params.find("warmup_type")) warmup.shape = read_shape(*shape);
  return warmup;
}

WarmupDecaySchedule read_warmup_decay(const json::Node& scheduler, const Params& params) {
  const auto total = params.find("total_num_steps");
  if (!total) scheduler.fail("WarmupDecayLR needs total_num_steps among its params; add it");
  return {read_warmup(params, WarmupSchedule().maximum), number_of_steps(*total)};
}

WarmupLinearSchedule read_warmup_linear(const Params& params, double learning_rate) {
  WarmupLinearSchedule schedule{.maximum = learning_rate, .total_steps = std::nullopt};
  params.rate("warmup_max_lr", schedule.maximum);
  if (const auto node = params.find("warmup_proportion")) {
    schedule.warmup_proportion = proportion(*node);
  }
  if (const auto node = params.find("total_num_steps")) {
    schedule.total_steps = number_of_steps(*node);
  }
  return schedule;
}

}  // namespace

ScheduleConfig read_scheduler(const json::Node& node, double learning_rate) {
  const json::Node type = node.member("type");
  const Params params(node);
  if (type.text() == "WarmupLR") {
    params.only("WarmupLR", {"warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "warmup_type"});
    return read_warmup(params, learning_rate);
  }
  if (type.text() == "WarmupDecayLR") {
    params.only("WarmupDecayLR", {"warmup_min_lr", "warmup_max_lr", "warmup_num_steps",
                                  "warmup_type", "total_num_steps"});
    return read_warmup_decay(node, params);
  }
  if (type.text() == "warmup_linear") {
    params.only("warmup_linear", {"warmup_max_lr", "warmup_proportion", "total_num_steps"});
    return read_warmup_linear(params, learning_rate);
  }
  type.fail(fmt::format(
      "scheduler {} is not supported; give \"WarmupLR\", \"WarmupDecayLR\" or \"warmup_linear\"",
      type.shown()));
}

}  // namespace train
