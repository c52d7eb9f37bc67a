#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/bert_squad/model_options.h"
#include "apps/bert_squad/questions.h"

namespace apps {

/// What `train` is told on its command line. Names and defaults are the published program's where
/// it has them; empty optionals leave a value to the configuration file.
struct TrainOptions {
  std::filesystem::path questions;
  std::filesystem::path output;
  std::filesystem::path config;  ///< empty: the published one, which the program holds
  std::optional<int64_t> global_batch;
  std::optional<int64_t> micro_batch;
  std::optional<double> learning_rate;
  std::optional<double> warmup_proportion;
  double epochs = 2;
  double dropout = 0.1;  ///< of attention probabilities and of hidden states
  bool keyed_dropout = false;
  std::string optimizer = "adamw";
  bool allow_stochastic_mode = false;
  std::optional<int64_t> max_steps;
  std::optional<int64_t> print_steps;
  int64_t save_steps = 500;
  bool resume = false;
  double loss_plot_alpha = 0.2;
  QuestionOptions text;
  ModelOptions model;
};

/// Adds all of them.
void add_train_options(CLI::App& command, TrainOptions& options);

}  // namespace apps
