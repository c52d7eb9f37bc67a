#include "apps/bert_squad/train.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>
#include <variant>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "apps/bert_squad/output_folder.h"
#include "apps/bert_squad/pretrained.h"
#include "apps/bert_squad/questions.h"
#include "apps/bert_squad/training/course.h"
#include "apps/bert_squad/training/fine_tuning.h"
#include "apps/bert_squad/training/settings.h"
#include "apps/bert_squad/training/train_options.h"
#include "apps/bert_squad/training/training_config.h"
#include "machine/processors.h"
#include "squad/training/model_windows.h"
#include "train/engine_checkpoint.h"
#include "train/parallel/communicator.h"
#include "worker/cell_model.h"

namespace apps {
namespace {

/// What a training starts from, all of it checked.
struct TrainingInput {
  Pretrained pretrained;
  squad::Vocabulary vocabulary;
  Questions questions;
};

TrainingInput read_input(TrainOptions& options) {
  Pretrained pretrained = open_pretrained(options.model);
  pretrained.config.attention_dropout = options.dropout;
  pretrained.config.hidden_dropout = options.dropout;
  options.text.vocabulary = vocabulary_beside(options.model, options.text.vocabulary);
  squad::Vocabulary vocabulary = squad::read_vocabulary(options.text.vocabulary);
  check_fit(pretrained, vocabulary, options.text.vocabulary, options.text.windows.max_seq_length);
  const squad::Tokenizer tokenizer(vocabulary, options.text.lower_case, options.text.compat);
  Questions questions =
      read_questions(options.questions, squad::Purpose::kTraining, tokenizer, options.text);
  return {std::move(pretrained), std::move(vocabulary), std::move(questions)};
}

/// Threads of this process: as told, or its share of what the processes of this machine may use.
int64_t threads_of_process(const ModelOptions& model, const train::Communicator& processes) {
  if (model.threads > 0 || std::getenv("OMP_NUM_THREADS") != nullptr) {
    return worker::resolved_threads({.threads = model.threads});
  }
  const auto processors = processes.local_union(machine::allowed_processors());
  return std::max(1, machine::granted_processors(processors) / processes.local_size());
}

/// Steps of the whole training, which also end a schedule that has no end of its own.
int64_t set_steps(const TrainOptions& options, const squad::WindowSet& windows,
                  train::EngineConfig& config) {
  const int64_t steps = total_steps(static_cast<int64_t>(windows.windows.size()), options.epochs,
                                    config.global_batch);
  auto* const linear = std::get_if<train::WarmupLinearSchedule>(&*config.schedule);
  if (linear != nullptr && !linear->total_steps) linear->total_steps = steps;
  return steps;
}

void train(TrainOptions& options) {
  train::Communicator processes;
  const bool is_first = processes.rank() == 0;
  train::EngineConfig config = training_config(options, processes.size());
  at::set_num_threads(static_cast<int>(threads_of_process(options.model, processes)));
  if (is_first) check_output_folder(options.output, options.resume);
  const TrainingInput input = read_input(options);
  const int64_t steps = set_steps(options, input.questions.windows, config);
  const Settings settings = training_settings(options, config, input.questions, input.vocabulary);
  LoadedModel loaded =
      load_model(input.pretrained, options.model, options.model.precision, processes.local_rank());
  if (is_first) say(input.questions.remarks);
  if (is_first) say(loaded.remarks);
  FineTuning tuning(options, config, std::move(loaded.bert),
                    squad::training_windows(input.questions.windows), processes);
  const OutputFolder output{options.output};
  if (is_first) create_output_folder(output.checkpoints());
  processes.any(false);  // all wait for the folder
  if (train::has_engine_checkpoint(output.checkpoints())) {
    tuning.load(output.checkpoints(), settings);
    if (is_first) say({fmt::format("going on after step {}", tuning.steps())});
  }
  Course course(options, config, settings, steps, processes, tuning);
  course.run();
  course.finish();
}

}  // namespace

void add_train(CLI::App& program) {
  CLI::App* command = program.add_subcommand("train", "Fine-tune BERT on questions with answers");
  const auto options = std::make_shared<TrainOptions>();
  add_train_options(*command, *options);
  command->callback([options] { train(*options); });
}

}  // namespace apps
