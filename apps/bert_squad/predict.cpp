#include "apps/bert_squad/predict.h"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "apps/bert_squad/model_options.h"
#include "apps/bert_squad/output_folder.h"
#include "apps/bert_squad/pretrained.h"
#include "apps/bert_squad/questions.h"
#include "apps/registry.h"
#include "files/atomic_file.h"
#include "harness/cli/progress_text.h"
#include "harness/cli/status_line.h"
#include "model/span_inference.h"
#include "squad/answers/answer_questions.h"
#include "squad/answers/prediction_text.h"
#include "squad/training/model_windows.h"
#include "worker/cell_model.h"

namespace apps {
namespace {

using Clock = std::chrono::steady_clock;

struct PredictOptions {
  std::filesystem::path questions;
  std::filesystem::path output;
  int64_t batch = 8;
  squad::AnswerOptions answers;
  QuestionOptions text;
  ModelOptions model;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Draws how far inference is; where there is no terminal, a line for every tenth of it.
model::InferenceProgress progress_on(harness::StatusLine& line) {
  const auto start = Clock::now();
  return [&line, start, tenths = int64_t{0}](int64_t tokens, int64_t all) mutable {
    const double elapsed = seconds_since(start);
    const double left = elapsed * static_cast<double>(all - tokens) / static_cast<double>(tokens);
    const std::string text =
        fmt::format("predict {}%  {:.0f} tokens/s  {}", 100 * tokens / all,
                    static_cast<double>(tokens) / elapsed, harness::time_left_text(left));
    line.draw(text);
    if (line.mode() != harness::StatusLine::Mode::kLines || 10 * tokens / all == tenths) return;
    tenths = 10 * tokens / all;
    line.print(text);
  };
}

std::vector<model::SpanLogits> logits_of(const PredictOptions& options,
                                         const model::BertForSquad& bert,
                                         const squad::WindowSet& windows) {
  const auto dropout = registry().make_keyed_dropout();
  harness::StatusLine line(harness::StatusLine::mode_for_stderr(/*quiet=*/false));
  return model::infer_spans(bert, *dropout, squad::prediction_windows(windows),
                            {.batch = options.batch,
                             .activations = bert.parameters().front().tensor.options(),
                             .row_layout = worker::row_layout_of(options.model.flags)},
                            progress_on(line));
}

void predict(PredictOptions& options) {
  const auto start = Clock::now();
  check_model_options(options.model);
  at::set_num_threads(
      static_cast<int>(worker::resolved_threads({.threads = options.model.threads})));
  const Pretrained pretrained = open_pretrained(options.model);
  options.text.vocabulary = vocabulary_beside(options.model, options.text.vocabulary);
  const squad::Vocabulary vocabulary = squad::read_vocabulary(options.text.vocabulary);
  check_fit(pretrained, vocabulary, options.text.vocabulary, options.text.windows.max_seq_length);
  const std::string precision = options.model.precision.empty() ? "fp32" : options.model.precision;
  const LoadedModel loaded = load_model(pretrained, options.model, precision);
  say(loaded.remarks);
  const squad::Tokenizer tokenizer(vocabulary, options.text.lower_case, options.text.compat);
  const Questions questions =
      read_questions(options.questions, squad::Purpose::kPrediction, tokenizer, options.text);
  say(questions.remarks);
  create_output_folder(options.output);
  const std::vector<model::SpanLogits> logits = logits_of(options, *loaded.bert, questions.windows);
  std::vector<squad::WindowLogits> views;
  for (const model::SpanLogits& window : logits) views.push_back({window.start, window.end});
  const auto answers = squad::answer_questions(questions.examples, questions.windows, views,
                                               tokenizer, options.answers);
  files::write_file_atomically(options.output / "nbest_predictions.json",
                               squad::nbest_predictions_text(answers));
  files::write_file_atomically(options.output / "predictions.json",
                               squad::predictions_text(answers));
  std::cout << fmt::format("{} questions, {} windows, {:.1f} s, in {}\n", answers.size(),
                           logits.size(), seconds_since(start),
                           (options.output / "predictions.json").string());
}

}  // namespace

void add_predict(CLI::App& program) {
  CLI::App* command = program.add_subcommand("predict", "Answer questions with a fine-tuned model");
  const auto options = std::make_shared<PredictOptions>();
  command->option_defaults()->take_last();  // as train's: scripts pass on options
  command->add_option("--predict_file", options->questions, "SQuAD v1.1 file, .json or .json.xz")
      ->required();
  command
      ->add_option("--output_dir", options->output,
                   "where predictions.json and nbest_predictions.json go")
      ->required();
  command->add_option("--predict_batch_size", options->batch, "windows of one forward pass")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{65536}).description(""));
  command
      ->add_option("--n_best_size", options->answers.n_best_size,
                   "beginnings and ends of a window, and answers that are kept")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000).description(""));
  command
      ->add_option("--max_answer_length", options->answers.max_answer_length,
                   "tokens of the longest answer")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000).description(""));
  add_question_options(*command, options->text, /*needs_vocabulary=*/false);
  add_model_options(*command, options->model);
  command->callback([options] { predict(*options); });
}

}  // namespace apps
