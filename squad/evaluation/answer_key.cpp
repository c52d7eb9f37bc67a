#include "squad/evaluation/answer_key.h"

#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "files/text_file.h"
#include "json/node.h"

namespace squad {
namespace {

KeyedQuestion read_question(const json::Node& node) {
  KeyedQuestion question{.id = node.member("id").text(), .answers = {}};
  for (const json::Node& answer : node.member("answers").elements()) {
    question.answers.push_back(answer.member("text").text());
  }
  if (question.answers.empty()) {
    node.fail(
        fmt::format("question {} has no answers, so nothing can be scored against them; give "
                    "a SQuAD v1.1 file",
                    json::in_quotes(question.id)));
  }
  return question;
}

}  // namespace

AnswerKey parse_answer_key(std::string_view text, const std::string& file) {
  const json::Node root = json::Node::parse(text, file);
  AnswerKey key;
  if (root.members().contains("version")) key.version = root.member("version").text();
  std::unordered_set<std::string> ids;
  for (const json::Node& article : root.member("data").elements()) {
    for (const json::Node& paragraph : article.member("paragraphs").elements()) {
      for (const json::Node& node : paragraph.member("qas").elements()) {
        KeyedQuestion question = read_question(node);
        if (!ids.insert(question.id).second) {
          node.fail(fmt::format("the id {} is given twice; keep one question",
                                json::in_quotes(question.id)));
        }
        key.questions.push_back(std::move(question));
      }
    }
  }
  if (key.questions.empty()) root.fail("has no questions; give a SQuAD v1.1 file");
  return key;
}

AnswerKey read_answer_key(const std::filesystem::path& file) {
  return parse_answer_key(files::read_text_file(file), file.string());
}

}  // namespace squad
