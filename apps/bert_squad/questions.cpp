#include "apps/bert_squad/questions.h"

#include <cstdio>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "squad/features/make_windows.h"
#include "squad/features/window_cache.h"

namespace apps {
namespace {

/// Remarks that are printed one by one; a bad file has one for each of its questions.
constexpr std::size_t kMaxRemarks = 10;

void append(std::vector<std::string>& remarks, const std::vector<std::string>& more) {
  remarks.insert(remarks.end(), more.begin(), more.end());
}

/// Windows of `questions`, from the cache or made and left there.
void find_windows(Questions& questions, const squad::Tokenizer& tokenizer,
                  const QuestionOptions& options) {
  squad::CachedWindows cached =
      squad::cached_windows(questions.examples, tokenizer, options.windows, options.cache);
  if (!cached.remark.empty()) questions.remarks.push_back(cached.remark);
  questions.remarks.push_back(
      fmt::format("windows {} {}", cached.found ? "read from" : "stored in", cached.file.string()));
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
  command.add_option("--cache_dir", options.cache,
                     "directory that keeps windows, keyed by content, for the next time");
}

Questions read_questions(const std::filesystem::path& file, squad::Purpose purpose,
                         const squad::Tokenizer& tokenizer, const QuestionOptions& options) {
  Questions questions;
  questions.examples = squad::read_examples(file, purpose);
  if (options.cache.empty()) {
    questions.windows = squad::make_windows(questions.examples, tokenizer, options.windows);
  } else {
    find_windows(questions, tokenizer, options);
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
