#include "squad/features/make_windows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "json/in_quotes.h"
#include "squad/features/doc_span.h"
#include "squad/features/tokenized_document.h"
#include "squad/squad_error.h"

namespace squad {
namespace {

/// [CLS], and [SEP] behind the question and behind the paragraph.
constexpr int32_t kSpecialTokens = 3;

void check(const WindowOptions& options) {
  for (const auto& [name, value] : {std::pair("max_seq_length", options.max_seq_length),
                                    std::pair("doc_stride", options.doc_stride),
                                    std::pair("max_query_length", options.max_query_length)}) {
    if (value < 1) throw SquadError(fmt::format("{} is {}; it must be at least 1", name, value));
  }
}

class Maker {
 public:
  Maker(const Examples& examples, const Tokenizer& tokenizer, const WindowOptions& options)
      : examples_(examples),
        tokenizer_(tokenizer),
        document_tokenizer_(tokenizer),
        result_{.options = options,
                .training = examples.purpose == Purpose::kTraining,
                .windows = {},
                .textless = {}} {}

  WindowSet make() && {
    for (std::size_t i = 0; i < examples_.examples.size(); ++i) {
      const std::size_t document = examples_.examples[i].document;
      // Questions of one paragraph stand together.
      if (i == 0 || document != examples_.examples[i - 1].document) {
        document_ = document_tokenizer_.tokenize(examples_.documents.at(document));
      }
      add_windows(i);
    }
    return std::move(result_);
  }

 private:
  void add_windows(std::size_t example_index) {
    const Example& example = examples_.examples[example_index];
    const std::vector<int32_t> question = question_ids(example);
    const auto tokens = static_cast<int32_t>(document_.ids.size());
    const std::vector<DocSpan> spans =
        slide_spans(tokens, room_for_paragraph(example, question), result_.options.doc_stride);
    if (spans.empty()) {
      result_.textless.push_back(example_index);
      return;
    }
    const std::vector<int32_t> best_span = max_context_spans(spans, tokens);
    std::optional<TokenSpan> answer;
    if (example.answer) {
      answer = answer_tokens(document_, example.answer->first, example.answer->last,
                             tokenizer_.ids(example.answer->text));
    }
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (answer && drops(spans[i], *example.answer)) continue;
      Window window = cut(question, spans[i], static_cast<int32_t>(i), best_span);
      window.example = example_index;
      if (answer) place_answer(*answer, spans[i], window);
      result_.windows.push_back(std::move(window));
    }
  }

  std::vector<int32_t> question_ids(const Example& example) const {
    std::vector<int32_t> ids = tokenizer_.ids(example.question);
    const auto limit = static_cast<std::size_t>(result_.options.max_query_length);
    if (ids.size() > limit) ids.resize(limit);
    return ids;
  }

  int32_t room_for_paragraph(const Example& example, const std::vector<int32_t>& question) const {
    const auto tokens = static_cast<int32_t>(question.size());
    const int32_t room = result_.options.max_seq_length - kSpecialTokens - tokens;
    if (room < 1) {
      throw SquadError(fmt::format(
          "{}: question {} takes {} tokens, which leaves no room for its paragraph in a window of "
          "{}; use longer sequences (max_seq_length), or lower max_query_length",
          examples_.file, json::in_quotes(example.id), tokens, result_.options.max_seq_length));
    }
    return room;
  }

  bool drops(const DocSpan& span, const WordSpan& answer) const {
    const int32_t last = span.start + span.length - 1;
    return tokenizer_.compat() == Compat::kBing &&
           (answer.first < span.start || answer.last < span.start || answer.first > last ||
            answer.last > last);
  }

  Window cut(const std::vector<int32_t>& question, const DocSpan& span, int32_t index,
             const std::vector<int32_t>& best_span) const {
    const Vocabulary& vocabulary = tokenizer_.vocabulary();
    const auto part = [&span](const std::vector<int32_t>& values) {
      return std::pair(values.begin() + span.start, values.begin() + span.start + span.length);
    };
    Window window;
    window.index = index;
    std::vector<int32_t>& ids = window.input_ids;
    ids.reserve(question.size() + static_cast<std::size_t>(span.length + kSpecialTokens));
    ids.push_back(vocabulary.classifier());
    ids.insert(ids.end(), question.begin(), question.end());
    ids.push_back(vocabulary.separator());
    window.paragraph_begin = static_cast<int32_t>(ids.size());
    const auto [ids_begin, ids_end] = part(document_.ids);
    ids.insert(ids.end(), ids_begin, ids_end);
    ids.push_back(vocabulary.separator());
    const auto [words_begin, words_end] = part(document_.word_of_token);
    window.word_of_token.assign(words_begin, words_end);
    const auto [best_begin, best_end] = part(best_span);
    window.is_max_context.resize(window.word_of_token.size());
    std::transform(best_begin, best_end, window.is_max_context.begin(),
                   [index](int32_t best) { return static_cast<uint8_t>(best == index); });
    return window;
  }

  void place_answer(const TokenSpan& answer, const DocSpan& span, Window& window) const {
    const bool inside = answer.first >= span.start && answer.last <= span.start + span.length - 1;
    if (tokenizer_.compat() == Compat::kGoogle && !inside) return;
    window.start_position = answer.first - span.start + window.paragraph_begin;
    window.end_position = answer.last - span.start + window.paragraph_begin;
  }

  const Examples& examples_;
  const Tokenizer& tokenizer_;
  DocumentTokenizer document_tokenizer_;
  TokenizedDocument document_;
  WindowSet result_;
};

}  // namespace

WindowSet make_windows(const Examples& examples, const Tokenizer& tokenizer,
                       const WindowOptions& options) {
  check(options);
  return Maker(examples, tokenizer, options).make();
}

void require_windows(const WindowSet& set, const Examples& examples) {
  if (set.windows.empty()) {
    throw SquadError(fmt::format(
        "{}: no question has a paragraph with text, so there is no window; give other questions",
        examples.file));
  }
}

std::vector<std::string> textless_warnings(const WindowSet& set, const Examples& examples) {
  std::vector<std::string> lines;
  for (const std::size_t example : set.textless) {
    lines.push_back(fmt::format("{}: question {} gets no window: its paragraph has no text",
                                examples.file, json::in_quotes(examples.examples.at(example).id)));
  }
  return lines;
}

}  // namespace squad
