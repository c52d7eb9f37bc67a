#include "apps/bert_squad/features.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "squad/examples/examples.h"
#include "squad/features/make_windows.h"
#include "squad/features/window_cache.h"
#include "squad/features/window_file.h"
#include "squad/text/tokenizer.h"

namespace apps {
namespace {

/// Warnings that are printed one by one; a bad file has one for each of its questions.
constexpr std::size_t kMaxWarnings = 10;

struct FeatureOptions {
  std::filesystem::path questions;
  std::filesystem::path vocabulary;
  std::filesystem::path out;
  std::filesystem::path cache;  ///< empty: none
  bool lower_case = false;
  bool training = false;
  squad::Compat compat = squad::Compat::kGoogle;
  squad::WindowOptions windows;
};

void warn(const std::vector<std::string>& warnings) {
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    if (i == kMaxWarnings) {
      fmt::print(stderr, "bert_squad: ... and {} more questions like these\n",
                 warnings.size() - kMaxWarnings);
      return;
    }
    fmt::print(stderr, "bert_squad: {}\n", warnings[i]);
  }
}

squad::WindowSet windows_of(const squad::Examples& examples, const squad::Tokenizer& tokenizer,
                            const FeatureOptions& options) {
  if (options.cache.empty()) return squad::make_windows(examples, tokenizer, options.windows);
  squad::CachedWindows cached =
      squad::cached_windows(examples, tokenizer, options.windows, options.cache);
  if (!cached.remark.empty()) warn({cached.remark});
  fmt::print(stderr, "bert_squad: windows {} {}\n", cached.found ? "read from" : "stored in",
             cached.file.string());
  return std::move(cached.set);
}

std::map<std::string, std::string> metadata_of(const FeatureOptions& options) {
  return {
      {"source", fmt::format("{}; max_seq_length {}, doc_stride {}, max_query_length {}, "
                             "vocabulary {}, {}, compat {}",
                             options.questions.filename().string(), options.windows.max_seq_length,
                             options.windows.doc_stride, options.windows.max_query_length,
                             options.vocabulary.filename().string(),
                             options.lower_case ? "lower case" : "cased",
                             options.compat == squad::Compat::kBing ? "bing" : "google")}};
}

void make_features(const FeatureOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const squad::Vocabulary vocabulary = squad::read_vocabulary(options.vocabulary);
  const squad::Tokenizer tokenizer(vocabulary, options.lower_case, options.compat);
  const squad::Examples examples =
      squad::read_examples(options.questions, options.training ? squad::Purpose::kTraining
                                                               : squad::Purpose::kPrediction);
  const squad::WindowSet set = windows_of(examples, tokenizer, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  warn(examples.warnings);
  warn(squad::textless_warnings(set, examples));
  squad::write_window_file(options.out, set, metadata_of(options));
  std::cout << fmt::format("{} windows of {} questions, ready after {:.2f} s on one core, in {}\n",
                           set.windows.size(), examples.examples.size(), seconds.count(),
                           options.out.string());
}

}  // namespace

void add_features(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "features", "Cut questions into windows of word pieces, and write them as sweeps read them");
  const auto options = std::make_shared<FeatureOptions>();
  const std::map<std::string, squad::Compat> variants = {{"google", squad::Compat::kGoogle},
                                                         {"bing", squad::Compat::kBing}};
  command->add_option("FILE", options->questions, "SQuAD v1.1 file, .json or .json.xz")->required();
  command->add_option("--vocab_file", options->vocabulary, "vocabulary, one word piece a line")
      ->required();
  command->add_option("--out", options->out, "safetensors file to write")->required();
  command->add_flag("--do_lower_case", options->lower_case, "for uncased vocabularies");
  command->add_flag("--training", options->training,
                    "with answers: each question must have exactly one");
  command->add_option("--compat", options->compat, "whose text processing: google or bing")
      ->transform(CLI::CheckedTransformer(variants).description(""))
      ->default_str("google");
  command->add_option("--max_seq_length", options->windows.max_seq_length, "tokens of a window")
      ->capture_default_str();
  command
      ->add_option("--doc_stride", options->windows.doc_stride,
                   "tokens from one window's beginning to the next one's")
      ->capture_default_str();
  command
      ->add_option("--max_query_length", options->windows.max_query_length,
                   "a longer question is cut after so many tokens")
      ->capture_default_str();
  command->add_option("--cache_dir", options->cache,
                      "directory that keeps windows, keyed by content, for the next time");
  command->callback([options] { make_features(*options); });
}

}  // namespace apps
