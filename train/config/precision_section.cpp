#include "train/config/precision_section.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "train/config/number_range.h"

namespace train {
namespace {

/// 2^127 is the largest power of two of fp32, in which losses are scaled.
constexpr int kMaxScalePower = 127;
bool is_enabled(const json::Node& section) {
  const auto enabled = section.find("enabled");
  return enabled && enabled->boolean();
}

void read_scales(const json::Node& fp16, LossScaleConfig& config) {
  if (const auto node = fp16.find("initial_scale_power")) {
    config.initial = std::exp2(node->integer(0, kMaxScalePower));
  }
  if (const auto node = fp16.find("min_loss_scale")) {
    config.minimum = positive_number(*node);
    if (config.minimum > config.initial) {
      node->fail(
          fmt::format("{} is larger than the initial loss scale {}; give a smaller one, or a "
                      "larger initial_scale_power",
                      config.minimum, config.initial));
    }
  }
  if (const auto node = fp16.find("loss_scale")) {
    const double scale = non_negative_number(*node);
    if (scale > 0) config.fixed = scale;
  }
}

LossScaleConfig read_loss_scale(const json::Node& fp16) {
  LossScaleConfig config;
  read_scales(fp16, config);
  if (const auto node = fp16.find("loss_scale_window")) {
    config.window = number_of_steps(*node);
  }
  if (const auto node = fp16.find("hysteresis")) config.hysteresis = number_of_steps(*node);
  if (const auto node = fp16.find("consecutive_hysteresis")) {
    config.consecutive_hysteresis = node->boolean();
  }
  if (const auto node = fp16.find("auto_cast"); node && node->boolean()) {
    node->fail("inputs are token ids, of which nothing can be cast; give false, or remove it");
  }
  return config;
}

}  // namespace

PrecisionConfig read_precision(const json::Node& root) {
  PrecisionConfig config;
  if (const auto fp16 = root.find("fp16")) {
    config.loss_scale = read_loss_scale(*fp16);
    if (is_enabled(*fp16)) config.precision = Precision::kFp16;
  }
  if (const auto bf16 = root.find("bf16"); bf16 && is_enabled(*bf16)) {
    if (config.precision == Precision::kFp16) {
      bf16->fail("fp16 is enabled as well; enable one of them");
    }
    config.precision = Precision::kBf16;
  }
  return config;
}

}  // namespace train
