#include "apps/bert_squad/features.h"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "apps/bert_squad/questions.h"
#include "squad/features/make_windows.h"
#include "squad/features/window_file.h"

namespace apps {
namespace {

struct FeatureOptions {
  std::filesystem::path questions;
  std::filesystem::path out;
  bool training = false;
  QuestionOptions text;
};

std::map<std::string, std::string> metadata_of(const FeatureOptions& options) {
  const QuestionOptions& text = options.text;
  return {{"source", fmt::format("{}; max_seq_length {}, doc_stride {}, max_query_length {}, "
                                 "vocabulary {}, {}, compat {}",
                                 options.questions.filename().string(), text.windows.max_seq_length,
                                 text.windows.doc_stride, text.windows.max_query_length,
                                 text.vocabulary.filename().string(),
                                 text.lower_case ? "lower case" : "cased",
                                 text.compat == squad::Compat::kBing ? "bing" : "google")}};
}

void make_features(const FeatureOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const squad::Vocabulary vocabulary = squad::read_vocabulary(options.text.vocabulary);
  const squad::Tokenizer tokenizer(vocabulary, options.text.lower_case, options.text.compat);
  const auto purpose = options.training ? squad::Purpose::kTraining : squad::Purpose::kPrediction;
  const Questions questions = read_questions(options.questions, purpose, tokenizer, options.text);
  squad::require_windows(questions.windows, questions.examples);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  say(questions.remarks);
  squad::write_window_file(options.out, questions.windows, metadata_of(options));
  std::cout << fmt::format("{} windows of {} questions, ready after {:.2f} s on one core, in {}\n",
                           questions.windows.windows.size(), questions.examples.examples.size(),
                           seconds.count(), options.out.string());
}

}  // namespace

void add_features(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "features", "Cut questions into windows of word pieces, and write them as sweeps read them");
  const auto options = std::make_shared<FeatureOptions>();
  command->add_option("FILE", options->questions, "SQuAD v1.1 file, .json or .json.xz")->required();
  command->add_option("--out", options->out, "safetensors file to write")->required();
  command->add_flag("--training", options->training,
                    "with answers: each question must have exactly one");
  add_question_options(*command, options->text, /*needs_vocabulary=*/true);
  command->callback([options] { make_features(*options); });
}

}  // namespace apps
