#include "apps/bert_squad/questions.h"

#include <cstdio>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "machine/cache_folder.h"
#include "squad/features/make_windows.h"
#include "squad/features/window_cache.h"

namespace apps {
namespace {

/// Remarks that are printed one by one; a bad file has one for each of its questions.
constexpr std::size_t kMaxRemarks = 10;

void append(std::vector<std::string>& remarks, const std::vector<std::string>& more) {
  remarks.insert(remarks.end(), more.begin(), more.end());
}

/// Where windows are kept; none where they are not, which `remarks` tell where nobody wished it.
std::optional<std::filesystem::path> cache_of(const QuestionOptions& options,
                                              std::vector<std::string>& remarks) {
  if (options.no_cache) return std::nullopt;
  if (!options.cache.empty()) return options.cache;
  auto folder = machine::cache_folder();
  if (!folder) return std::nullopt;
  *folder /= "windows";
  std::error_code error;
  std::filesystem::create_directories(*folder, error);
  if (!error) return folder;
  remarks.push_back(fmt::format(
      "{}: cannot create this directory: {}; windows are not kept: give --cache_dir, or "
      "--no_cache",
      folder->string(), error.message()));
  return std::nullopt;
}

/// Windows of `questions`, from `cache` or made and left there.
void find_windows(Questions& questions, const squad::Tokenizer& tokenizer,
                  const QuestionOptions& options, const std::filesystem::path& cache) {
  squad::CachedWindows cached =
      squad::cached_windows(questions.examples, tokenizer, options.windows, cache);
  if (!cached.remark.empty()) questions.remarks.push_back(cached.remark);
  if (!options.cache.empty()) {
    questions.remarks.push_back(fmt::format(
        "windows {} {}", cached.found ? "read from" : "stored in", cached.file.string()));
  }
  questions.windows = std::move(cached.set);
}

}  // namespace

void add_question_options(CLI::App& command, QuestionOptions& options, bool needs_vocabulary) {
  const std::map<std::string, squad::Compat> variants = {{"google", squad::Compat::kGoogle},
                                                         {"bing", squad::Compat::kBing}};
  command
      .add_option("--vocab_file", options.vocabulary,
                  needs_vocabulary ? "vocabulary, one word piece a line"
                                   : "vocabulary, one word piece a line; by default vocab.txt "
                                     "beside the model")
      ->required(needs_vocabulary);
  command.add_flag("--do_lower_case", options.lower_case, "for uncased vocabularies");
  command.add_option("--compat", options.compat, "whose text processing: google or bing")
      ->transform(CLI::CheckedTransformer(variants).description(""))
      ->default_str("google");
  command.add_option("--max_seq_length", options.windows.max_seq_length, "tokens of a window")
      ->capture_default_str();
  command
      .add_option("--doc_stride", options.windows.doc_stride,
                  "tokens from one window's beginning to the next one's")
      ->capture_default_str();
  command
      .add_option("--max_query_length", options.windows.max_query_length,
                  "a longer question is cut after so many tokens")
      ->capture_default_str();
  CLI::Option* const cache = command.add_option(
      "--cache_dir", options.cache,
      "directory that keeps windows, keyed by content, for the next time; by default "
      "bench_sweep/windows in $XDG_CACHE_HOME or ~/.cache");
  command.add_flag("--no_cache", options.no_cache, "keep no windows")->excludes(cache);
}

Questions read_questions(const std::filesystem::path& file, squad::Purpose purpose,
                         const squad::Tokenizer& tokenizer, const QuestionOptions& options) {
  Questions questions;
  questions.examples = squad::read_examples(file, purpose);
  if (const auto cache = cache_of(options, questions.remarks)) {
    find_windows(questions, tokenizer, options, *cache);
  } else {
    questions.windows = squad::make_windows(questions.examples, tokenizer, options.windows);
  }
  append(questions.remarks, questions.examples.warnings);
  append(questions.remarks, squad::textless_warnings(questions.windows, questions.examples));
  return questions;
}

void say(const std::vector<std::string>& remarks) {
  for (std::size_t i = 0; i < remarks.size(); ++i) {
    if (i == kMaxRemarks) {
      fmt::print(stderr, "bert_squad: ... and {} more like these\n", remarks.size() - kMaxRemarks);
      return;
    }
    fmt::print(stderr, "bert_squad: {}\n", remarks[i]);
  }
}

}  // namespace apps
