#include "apps/bert_squad/training/train_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/catalog.h"

namespace apps {
namespace {

/// Accepts numbers from `low` on.
CLI::Validator at_least(int64_t low) {
  return CLI::Range(low, int64_t{1} << 40).description("");
}

void add_schedule(CLI::App& command, TrainOptions& options) {
  command
      .add_option("--train_batch_size", options.global_batch,
                  "sequences of an optimizer step, over all processes; before the file's")
      ->check(at_least(1));
  command
      .add_option("--train_micro_batch_size_per_gpu", options.micro_batch,
                  "sequences of one forward pass; before the file's")
      ->check(at_least(1));
  command
      .add_option("--learning_rate", options.learning_rate,
                  "highest learning rate; before the file's")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command.add_option("--num_train_epochs", options.epochs, "times that the questions are seen")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 1e6).description(""));
  command
      .add_option("--warmup_proportion", options.warmup_proportion,
                  "part of the steps over which the learning rate rises, where the file has no "
                  "scheduler; by default 0.1")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command
      .add_option("--max_steps", options.max_steps,
                  "stop after so many steps; the learning rate stays that of the whole training")
      ->check(at_least(1));
}

void add_output(CLI::App& command, TrainOptions& options) {
  command
      .add_option("--output_dir", options.output,
                  "where model, loss curve, report and checkpoints go; absent or empty")
      ->required();
  command
      .add_option("--print_steps", options.print_steps,
                  "steps between two lines of progress; before the file's steps_per_print")
      ->check(at_least(1));
  command.add_option("--save_steps", options.save_steps, "steps between two checkpoints")
      ->capture_default_str()
      ->check(at_least(1));
  command.add_flag("--resume", options.resume,
                   "go on from the last checkpoint in the output folder, to the same losses");
  command
      .add_option("--loss_plot_alpha", options.loss_plot_alpha,
                  "weight of the past in the average of the losses")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0).description(""));
}

}  // namespace

void add_train_options(CLI::App& command, TrainOptions& options) {
  // What is given twice counts as given last, as in the published program: scripts pass on options.
  command.option_defaults()->take_last();
  command.add_option("--train_file", options.questions, "SQuAD v1.1 file, .json or .json.xz")
      ->required();
  command.add_option("--deepspeed_config", options.config,
                     "DeepSpeed configuration of the engine; by default the published one, "
                     "deepspeed_bsz24_config.json, which the program holds");
  add_schedule(command, options);
  add_output(command, options);
  command
      .add_option("--dropout", options.dropout,
                  "probability, of attention probabilities and of hidden states")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99).description(""));
  command.add_flag(
      "--keyed_dropout", options.keyed_dropout,
      "dropout by a sequence's place in the global batch, as fused has it, for pytorch_* "
      "too: the same losses for any micro-batch and number of processes");
  command
      .add_option("--optimizer", options.optimizer,
                  fmt::format("how Adam is computed: {}", fmt::join(catalog().optimizers, ", ")))
      ->capture_default_str()
      ->check(CLI::IsMember(catalog().optimizers).description(""));
  command.add_flag("--allow_stochastic_mode", options.allow_stochastic_mode,
                   "let the flag stochastic_mode through: fine-tuning is deterministic otherwise");
  add_question_options(command, options.text, /*needs_vocabulary=*/false);
  add_model_options(command, options.model);
}

}  // namespace apps
