#include "apps/bert_squad/training/training_config.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "apps/bert_squad/training/published_config.h"
#include "apps/catalog.h"
#include "harness/harness_error.h"
#include "harness/spec/entry_names.h"
#include "train/config/deepspeed_json.h"

namespace apps {
namespace {

constexpr double kWarmupProportion = 0.1;
/// What errors call the configuration that the program holds.
constexpr const char* kPublishedName = "the built-in deepspeed_bsz24_config.json";

/// The engine's configuration with the command line's batches in it, from the file or the program.
train::EngineConfig read_config(const TrainOptions& options, int64_t processes) {
  const std::vector<std::string> flag_names = harness::names_of(catalog().flags);
  const std::vector<std::string_view> flags(flag_names.begin(), flag_names.end());
  const train::BatchOverrides batches{.global = options.global_batch, .micro = options.micro_batch};
  if (!options.config.empty()) {
    return train::read_deepspeed_config(options.config, processes, flags, batches);
  }
  return train::parse_deepspeed_config(published::kDeepspeedBsz24ConfigJson, kPublishedName,
                                       processes, flags, batches);
}

void set_schedule(const TrainOptions& options, train::EngineConfig& config) {
  if (options.learning_rate) config.optimizer.learning_rate = *options.learning_rate;
  if (!config.schedule) {
    config.schedule = train::WarmupLinearSchedule{
        .maximum = config.optimizer.learning_rate,
        .warmup_proportion = options.warmup_proportion.value_or(kWarmupProportion),
        .total_steps = std::nullopt};
  } else if (options.warmup_proportion || options.learning_rate) {
    throw harness::UsageError(fmt::format(
        "{} has a scheduler, which sets the learning rate; leave out --learning_rate and "
        "--warmup_proportion, or the scheduler",
        options.config.string()));
  }
}

const char* name_of(train::Precision precision) {
  switch (precision) {
    case train::Precision::kFp32:
      return "fp32";
    case train::Precision::kBf16:
      return "bf16";
    case train::Precision::kFp16:
      return "fp16";
  }
  return "";
}

void set_precision(TrainOptions& options, train::EngineConfig& config) {
  if (options.model.precision.empty()) options.model.precision = name_of(config.precision);
  for (const train::Precision precision :
       {train::Precision::kFp32, train::Precision::kBf16, train::Precision::kFp16}) {
    if (options.model.precision == name_of(precision)) config.precision = precision;
  }
}

}  // namespace

train::EngineConfig training_config(TrainOptions& options, int64_t processes) {
  train::EngineConfig config = read_config(options, processes);
  set_schedule(options, config);
  set_precision(options, config);
  config.steps_per_print = options.print_steps.value_or(config.steps_per_print);
  std::vector<std::string>& flags = options.model.flags;
  flags.insert(flags.end(), config.kernel_flags.begin(), config.kernel_flags.end());
  check_model_options(options.model);
  if (!options.allow_stochastic_mode &&
      std::find(flags.begin(), flags.end(), "stochastic_mode") != flags.end()) {
    throw harness::UsageError(
        "stochastic_mode: fine-tuning is deterministic, so that its results can be had again; "
        "give --allow_stochastic_mode if you mean it");
  }
  return config;
}

int64_t total_steps(int64_t windows, double epochs, int64_t global_batch) {
  const double steps =
      std::ceil(static_cast<double>(windows) * epochs / static_cast<double>(global_batch));
  return std::max(int64_t{1}, static_cast<int64_t>(steps));
}

}  // namespace apps
