#include "squad/answers/prediction_text.h"

#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "json/node.h"
#include "json/python_json.h"
#include "squad/squad_error.h"

namespace squad {
namespace {

/// An object with a line or more for every question; `value` gives what stands behind the id.
template <class Value>
std::string object_text(std::span<const AnsweredQuestion> questions, Value value) {
  if (questions.empty()) return "{}\n";
  std::unordered_set<std::string_view> ids;
  std::string text = "{";
  for (const AnsweredQuestion& question : questions) {
    if (!ids.insert(question.id).second) {
      throw SquadError(fmt::format("two questions have the id {}; give each its own",
                                   json::in_quotes(question.id)));
    }
    text += ids.size() == 1 ? "\n" : ",\n";
    text += fmt::format("    {}: {}", json::python_json(question.id), value(question));
  }
  return text + "\n}\n";
}

std::string nbest_text(const AnsweredQuestion& question) {
  std::string text = "[";
  for (const RankedAnswer& answer : question.answers) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += fmt::format(
        "        {{\n"
        "            \"text\": {},\n"
        "            \"probability\": {},\n"
        "            \"start_logit\": {},\n"
        "            \"end_logit\": {}\n"
        "        }}",
        json::python_json(answer.text), json::python_json(answer.probability),
        json::python_json(answer.start_logit), json::python_json(answer.end_logit));
  }
  return text + "\n    ]";
}

}  // namespace

std::string predictions_text(std::span<const AnsweredQuestion> questions) {
  return object_text(questions, [](const AnsweredQuestion& question) {
    return json::python_json(question.answers.front().text);
  });
}

std::string nbest_predictions_text(std::span<const AnsweredQuestion> questions) {
  return object_text(questions, nbest_text);
}

}  // namespace squad
