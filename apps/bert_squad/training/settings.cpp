#include "apps/bert_squad/training/settings.h"

#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace apps {
namespace {

const char* name_of(train::OptimizerKind kind) {
  switch (kind) {
    case train::OptimizerKind::kAdam:
      return "Adam";
    case train::OptimizerKind::kAdamW:
      return "AdamW";
    case train::OptimizerKind::kLamb:
      return "Lamb";
  }
  return "";
}

std::string optimizer_text(const std::string& how, const train::OptimizerConfig& optimizer) {
  std::string text =
      fmt::format("{} by {}, betas {} and {}, eps {}, weight decay {}{}", name_of(optimizer.kind),
                  how, optimizer.beta1, optimizer.beta2, optimizer.eps, optimizer.weight_decay,
                  optimizer.bias_correction ? "" : ", no bias correction");
  if (optimizer.kind != train::OptimizerKind::kLamb) return text;
  return text + fmt::format(", trust ratio {} to {}", optimizer.min_coefficient,
                            optimizer.max_coefficient);
}

std::string warmup_text(const train::WarmupSchedule& warmup) {
  return fmt::format("{} to {} over {} steps, {}", warmup.minimum, warmup.maximum,
                     warmup.warmup_steps,
                     warmup.shape == train::WarmupShape::kLog ? "logarithmic" : "linear");
}

struct ScheduleText {
  std::string operator()(const train::ConstantSchedule& constant) const {
    return fmt::format("{} throughout", constant.learning_rate);
  }
  std::string operator()(const train::WarmupSchedule& warmup) const {
    return "WarmupLR: " + warmup_text(warmup);
  }
  std::string operator()(const train::WarmupDecaySchedule& decay) const {
    return fmt::format("WarmupDecayLR: {}, back at step {}", warmup_text(decay.warmup),
                       decay.total_steps);
  }
  std::string operator()(const train::WarmupLinearSchedule& linear) const {
    return fmt::format("warmup_linear: up to {}, warm-up {} of {} steps", linear.maximum,
                       linear.warmup_proportion, linear.total_steps.value_or(0));
  }
};

std::string batch_text(const train::EngineConfig& config) {
  const int64_t processes = config.global_batch / (config.micro_batch * config.accumulation_steps);
  const std::string text = fmt::format("{} = micro-batch {} x {} accumulated", config.global_batch,
                                       config.micro_batch, config.accumulation_steps);
  return processes == 1 ? text : text + fmt::format(" x {} processes", processes);
}

std::string windows_text(const squad::WindowOptions& windows) {
  return fmt::format("{} tokens, stride {}, questions of at most {}", windows.max_seq_length,
                     windows.doc_stride, windows.max_query_length);
}

/// `fused` has keyed dropout whether told or not.
std::string dropout_text(const TrainOptions& options) {
  const bool changes = options.keyed_dropout && options.model.implementation != "fused";
  return fmt::format("{}{}", options.dropout, changes ? ", keyed" : "");
}

}  // namespace

Settings training_settings(const TrainOptions& options, const train::EngineConfig& config,
                           const Questions& questions, const squad::Vocabulary& vocabulary) {
  const ModelOptions& model = options.model;
  return {
      {"initial weights", model.weights.filename().string()},
      {"questions", fmt::format("{} ({:016x}), {} windows", options.questions.filename().string(),
                                questions.examples.content_hash, questions.windows.windows.size())},
      {"windows", windows_text(options.text.windows)},
      {"vocabulary",
       fmt::format("{} words ({:016x}), {}, {}", vocabulary.size(), vocabulary.content_hash(),
                   options.text.lower_case ? "lower case" : "cased",
                   options.text.compat == squad::Compat::kBing ? "bing" : "google")},
      {"implementation", model.flags.empty() ? model.implementation
                                             : fmt::format("{} with {}", model.implementation,
                                                           fmt::join(model.flags, ", "))},
      {"precision", model.precision},
      {"batch", batch_text(config)},
      {"epochs", fmt::format("{}", options.epochs)},
      {"learning rate", std::visit(ScheduleText(), *config.schedule)},
      {"optimizer", optimizer_text(options.optimizer, config.optimizer)},
      {"clipping", config.max_gradient_norm
                       ? fmt::format("gradient norm {}", *config.max_gradient_norm)
                       : "none"},
      {"dropout", dropout_text(options)},
      {"seed", fmt::format("{}", model.seed)},
  };
}

}  // namespace apps
