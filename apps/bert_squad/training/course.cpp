#include "apps/bert_squad/training/course.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <stdexcept>

#include <ATen/ops/isfinite.h>
#include <fmt/format.h>

#include "apps/bert_squad/bert_config_file.h"
#include "apps/bert_squad/training/curve_picture.h"
#include "apps/bert_squad/training/progress_words.h"
#include "apps/bert_squad/training/training_report.h"
#include "files/atomic_file.h"
#include "files/text_file.h"
#include "model/weight_file.h"

namespace apps {
namespace {

void check_loss(double loss, const train::Engine& engine) {
  if (std::isfinite(loss) || engine.loss_scale() != 1) return;
  throw std::runtime_error(
      fmt::format("the loss of step {} is {}: training has diverged; lower --learning_rate, or "
                  "look at the data",
                  engine.global_step(), loss));
}

/// Where a gradient is not finite, the next loss would show it: a checkpoint must not come between.
void check_weights(const FineTuning& tuning) {
  for (const model::Parameter& parameter : tuning.bert().parameters()) {
    if (at::isfinite(parameter.tensor.detach()).all().item<bool>()) continue;
    throw std::runtime_error(fmt::format(
        "the weights after step {} are not finite: training has diverged, and this step "
        "is not saved; lower --learning_rate, or look at the data",
        tuning.steps()));
  }
}

}  // namespace

Course::Course(const TrainOptions& options, const train::EngineConfig& config,
               const Settings& settings, int64_t steps, const train::Communicator& processes,
               FineTuning& tuning)
    : options_(options),
      settings_(settings),
      tuning_(tuning),
      output_{options.output},
      batch_(config.global_batch),
      steps_(steps),
      first_(tuning.steps()),
      last_(std::min(steps, options.max_steps.value_or(steps))),
      writes_(processes.rank() == 0),
      progress_({.first_step = first_,
                 .last_step = last_,
                 .batch = batch_,
                 .print_steps = config.steps_per_print,
                 .breakdown = config.wall_clock_breakdown,
                 .quiet = !writes_}) {
  if (writes_) curve_.emplace(output_.curve(), options.loss_plot_alpha, first_);
}

void Course::run() {
  while (tuning_.steps() < last_) {
    const StepResult result = tuning_.step();
    check_loss(result.loss, tuning_.engine());
    if (writes_) keep(result);
    if (tuning_.steps() % options_.save_steps == 0 || tuning_.steps() == last_) save();
  }
}

void Course::save() {
  check_weights(tuning_);
  if (writes_) curve_->store();
  tuning_.save(output_.checkpoints(), settings_);
}

void Course::keep(const StepResult& result) {
  const LossPoint& point = curve_->add(result.loss, tuning_.engine().learning_rate(),
                                       static_cast<double>(batch_) / result.times.sum());
  if (result.outcome == train::StepOutcome::kOverflowed) {
    progress_.say(overflow_text(point.step, tuning_.engine().loss_scale()));
  }
  progress_.stepped(point, result.times);
}

void Course::finish() const {
  if (!writes_) return;
  write_model();
  write_report();
  progress_.clear();
  const LossPoint& point = curve_->points().back();
  std::cout << fmt::format("{} of {} steps, loss {:.4f} (average {:.4f}), in {}\n", point.step,
                           steps_, point.loss, point.average, output_.folder.string());
}

void Course::write_model() const {
  const model::BertForSquad& bert = tuning_.bert();
  files::write_file_atomically(output_.config(), bert_config_text(bert.config()));
  files::write_file_atomically(output_.vocabulary(),
                               files::read_text_file(options_.text.vocabulary));
  model::write_weights(output_.weights(), bert);
}

void Course::write_report() const {
  files::write_file_atomically(output_.picture(), curve_picture(curve_->points()));
  files::write_file_atomically(output_.report(),
                               training_report({.settings = settings_,
                                                .total_steps = steps_,
                                                .first_step = first_,
                                                .seconds = progress_.seconds(),
                                                .sequences = (tuning_.steps() - first_) * batch_},
                                               curve_->points()));
}

}  // namespace apps
