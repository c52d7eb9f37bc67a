#include "squad/examples/examples.h"

#include <unordered_set>
#include <utility>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include "files/text_file.h"
#include "json/node.h"
#include "squad/text/unicode.h"

namespace squad {
namespace {

/// Where `start`, in code points, and the length of `text` put an answer. None where that is not in
/// the document, or the words there do not hold the text.
std::optional<WordSpan> find_answer(const IndexedDocument& indexed, const std::string& text,
                                    int64_t start) {
  const auto length = static_cast<int64_t>(count_code_points(text));
  const auto characters = static_cast<int64_t>(indexed.word_of_character.size());
  if (length == 0 || start < 0 || start > characters - length) return std::nullopt;
  WordSpan span{text, indexed.word_of_character[static_cast<std::size_t>(start)],
                indexed.word_of_character[static_cast<std::size_t>(start + length - 1)]};
  if (span.first < 0) return std::nullopt;
  const std::string words = indexed.document.text(span.first, span.last);
  const std::string cleaned = fmt::format("{}", fmt::join(split_spaces(text), " "));
  if (words.find(cleaned) == std::string::npos) return std::nullopt;
  return span;
}

class Reader {
 public:
  Reader(const std::string& file, Purpose purpose) {
    result_.file = file;
    result_.purpose = purpose;
  }

  Examples read(const json::Node& root) && {
    for (const json::Node& article : root.member("data").elements()) {
      for (const json::Node& paragraph : article.member("paragraphs").elements()) {
        const IndexedDocument indexed = index_document(paragraph.member("context").text());
        for (const json::Node& question : paragraph.member("qas").elements()) {
          read_question(question, indexed);
        }
        result_.documents.push_back(indexed.document);
      }
    }
    if (ids_.empty()) root.fail("no article has a question; give a SQuAD v1.1 file");
    if (result_.examples.empty()) {
      root.fail(fmt::format("no question of {} can be trained on; the first: {}", ids_.size(),
                            result_.warnings.front()));
    }
    return std::move(result_);
  }

 private:
  void read_question(const json::Node& question, const IndexedDocument& indexed) {
    Example example{.id = question.member("id").text(),
                    .question = question.member("question").text(),
                    .document = result_.documents.size(),
                    .answer = std::nullopt};
    if (!ids_.insert(example.id).second) {
      question.member("id").fail(
          fmt::format("the id {} is that of an earlier question; give each its own",
                      json::in_quotes(example.id)));
    }
    if (result_.purpose == Purpose::kTraining) {
      example.answer = read_answer(question, example.id, indexed);
      if (!example.answer) return;
    }
    result_.examples.push_back(std::move(example));
  }

  std::optional<WordSpan> read_answer(const json::Node& question, const std::string& id,
                                      const IndexedDocument& indexed) {
    const json::Node answers = question.member("answers");
    const std::vector<json::Node> all = answers.elements();
    if (all.size() != 1) {
      answers.fail(fmt::format("question {} has {} answers; for training keep exactly one",
                               json::in_quotes(id), all.size()));
    }
    const std::string& text = all.front().member("text").text();
    const json::Node start_node = all.front().member("answer_start");
    if (!start_node.value().is_number_integer()) start_node.fail("expected a whole number");
    const auto start = start_node.value().get<int64_t>();
    std::optional<WordSpan> span = find_answer(indexed, text, start);
    if (!span) {
      result_.warnings.push_back(
          fmt::format("{}: question {} is left out: its answer {} does not stand at character {} "
                      "of its context; correct answer_start",
                      result_.file, json::in_quotes(id), json::in_quotes(text), start));
    }
    return span;
  }

  Examples result_;
  std::unordered_set<std::string> ids_;
};

}  // namespace

Examples parse_examples(std::string_view text, const std::string& file, Purpose purpose) {
  Examples result = Reader(file, purpose).read(json::Node::parse(text, file));
  result.content_hash =
      XXH3_64bits_withSeed(text.data(), text.size(), purpose == Purpose::kTraining ? 1 : 0);
  return result;
}

Examples read_examples(const std::filesystem::path& file, Purpose purpose) {
  return parse_examples(files::read_text_file(file), file.string(), purpose);
}

}  // namespace squad
