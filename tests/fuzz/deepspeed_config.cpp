// Any bytes as a training configuration; what is accepted must be usable.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "json/error.h"
#include "train/config/deepspeed_json.h"
#include "train/learning_rate_schedule.h"
#include "train/loss_scale.h"

namespace {

constexpr std::array<std::string_view, 2> kFlags = {"gelu_checkpoint", "normalize_invertible"};

void use(const train::EngineConfig& config, int64_t processes) {
  if (config.micro_batch < 1 || config.accumulation_steps < 1 ||
      config.micro_batch * config.accumulation_steps * processes != config.global_batch) {
    __builtin_trap();
  }
  train::LossScale(config.loss_scale).update(false);
  train::ScheduleConfig schedule =
      config.schedule.value_or(train::ConstantSchedule{config.optimizer.learning_rate});
  if (auto* linear = std::get_if<train::WarmupLinearSchedule>(&schedule)) {
    linear->total_steps = linear->total_steps.value_or(1);
  }
  for (const int64_t step : {0, 1, 2, 1000}) {
    if (!(train::LearningRateSchedule(schedule).at(step) >= 0)) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const int64_t processes : {1, 3}) {
    try {
      use(train::parse_deepspeed_config(text, "fuzz", processes, kFlags), processes);
    } catch (const json::Error&) {
    }
  }
  return 0;
}
