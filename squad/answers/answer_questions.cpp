#include "squad/answers/answer_questions.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/in_quotes.h"
#include "squad/answers/final_text.h"
#include "squad/squad_error.h"
#include "squad/text/unicode.h"

namespace squad {
namespace {

constexpr const char* kNoAnswer = "empty";

void check_finite(std::span<const float> logits, const char* kind, const Window& window,
                  const Examples& examples) {
  const auto bad = std::ranges::find_if_not(logits, [](float x) { return std::isfinite(x); });
  if (bad == logits.end()) return;
  throw SquadError(fmt::format(
      "question {}, window {}: the {} logit of position {} is {}; check the weights and the "
      "precision that the model ran with",
      json::in_quotes(examples.examples.at(window.example).id), window.index, kind,
      bad - logits.begin(), *bad));
}

void check_logits(const Examples& examples, const WindowSet& windows,
                  std::span<const WindowLogits> logits) {
  if (logits.size() != windows.windows.size()) {
    throw SquadError(fmt::format("{} windows have logits, but {} has {}; predict all of them",
                                 logits.size(), examples.file, windows.windows.size()));
  }
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const Window& window = windows.windows[i];
    const WindowLogits& values = logits[i];
    if (values.start.size() != values.end.size() || values.start.size() < window.input_ids.size()) {
      throw SquadError(fmt::format(
          "question {}, window {}: {} start and {} end logits for {} tokens; give one of each a "
          "token",
          json::in_quotes(examples.examples.at(window.example).id), window.index,
          values.start.size(), values.end.size(), window.input_ids.size()));
    }
    check_finite(values.start, "start", window, examples);
    check_finite(values.end, "end", window, examples);
  }
}

void check_options(const AnswerOptions& options) {
  if (options.n_best_size <= 0 || options.max_answer_length <= 0) {
    throw SquadError(fmt::format("n_best_size {} and max_answer_length {}: give both at least 1",
                                 options.n_best_size, options.max_answer_length));
  }
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.erase(at, what.size());
  }
}

/// The span's word pieces put together again: words joined by single spaces.
std::string joined_tokens(const AnswerSpan& span, const Vocabulary& vocabulary) {
  std::string text;
  for (int32_t position = span.start; position <= span.end; ++position) {
    if (position > span.start) text += ' ';
    text += vocabulary.token(span.window->input_ids.at(static_cast<std::size_t>(position)));
  }
  replace_all(text, " ##");
  replace_all(text, "##");
  return fmt::format("{}", fmt::join(split_spaces(text), " "));
}

/// The span as the context has it.
std::string text_of(const AnswerSpan& span, const Document& document, const Tokenizer& tokenizer) {
  const auto word_of = [&span](int32_t position) {
    return span.window->word_of_token.at(
        static_cast<std::size_t>(position - span.window->paragraph_begin));
  };
  return final_text(joined_tokens(span, tokenizer.vocabulary()),
                    document.text(word_of(span.start), word_of(span.end)), tokenizer.basic());
}

/// Softmax of the scores, best first, summed in this order.
void set_probabilities(std::vector<RankedAnswer>& answers) {
  const auto score = [](const RankedAnswer& x) { return x.start_logit + x.end_logit; };
  double sum = 0.0;
  for (RankedAnswer& answer : answers) {
    answer.probability = std::exp(score(answer) - score(answers.front()));
    sum += answer.probability;
  }
  for (RankedAnswer& answer : answers) answer.probability /= sum;
}

/// `spans` of one question, best first.
std::vector<RankedAnswer> rank(const std::vector<AnswerSpan>& spans, const Document& document,
                               const Tokenizer& tokenizer, const AnswerOptions& options) {
  std::vector<RankedAnswer> answers;
  std::unordered_set<std::string> seen;
  for (const AnswerSpan& span : spans) {
    if (answers.size() == static_cast<std::size_t>(options.n_best_size)) break;
    std::string text = text_of(span, document, tokenizer);
    if (!seen.insert(text).second) continue;
    answers.push_back({.text = std::move(text),
                       .probability = 0.0,
                       .start_logit = span.start_logit,
                       .end_logit = span.end_logit});
  }
  if (answers.empty()) answers.push_back({.text = kNoAnswer});
  set_probabilities(answers);
  return answers;
}

}  // namespace

std::vector<AnsweredQuestion> answer_questions(const Examples& examples, const WindowSet& windows,
                                               std::span<const WindowLogits> logits,
                                               const Tokenizer& tokenizer,
                                               const AnswerOptions& options) {
  check_options(options);
  check_logits(examples, windows, logits);
  std::vector<std::vector<AnswerSpan>> spans(examples.examples.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const Window& window = windows.windows[i];
    append_spans(window, logits[i], options, spans[window.example]);
  }
  std::vector<AnsweredQuestion> result;
  result.reserve(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Example& example = examples.examples[i];
    std::ranges::stable_sort(spans[i], std::ranges::greater{}, &AnswerSpan::score);
    result.push_back(
        {example.id, rank(spans[i], examples.documents.at(example.document), tokenizer, options)});
  }
  return result;
}

}  // namespace squad
