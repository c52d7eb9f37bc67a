#include "squad/evaluation/evaluation.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "json/node.h"
#include "json/python_json.h"
#include "squad/evaluation/answer_score.h"

namespace squad {
namespace {

constexpr const char* kVersion = "1.1";

std::vector<std::string> unknown_ids(const AnswerKey& key, const Predictions& predictions) {
  std::unordered_set<std::string_view> known;
  for (const KeyedQuestion& question : key.questions) known.insert(question.id);
  std::vector<std::string> unknown;
  for (const auto& [id, answer] : predictions) {
    if (!known.contains(id)) unknown.push_back(id);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

}  // namespace

Evaluation evaluate(const AnswerKey& key, const Predictions& predictions) {
  Evaluation result;
  std::size_t exact_matches = 0;
  double f1 = 0.0;
  for (const KeyedQuestion& question : key.questions) {
    const auto prediction = predictions.find(question.id);
    if (prediction == predictions.end()) {
      result.unanswered.push_back(question.id);
      continue;
    }
    const AnswerScore score = score_answer(prediction->second, question.answers);
    exact_matches += score.exact_match ? 1 : 0;
    f1 += score.f1;
  }
  result.questions = key.questions.size();
  const auto total = static_cast<double>(result.questions);
  result.exact_match = 100.0 * static_cast<double>(exact_matches) / total;
  result.f1 = 100.0 * f1 / total;
  result.unknown = unknown_ids(key, predictions);
  return result;
}

std::string scores_line(const Evaluation& evaluation) {
  return fmt::format(R"({{"exact_match": {}, "f1": {}}})",
                     json::python_json(evaluation.exact_match), json::python_json(evaluation.f1));
}

std::vector<std::string> remarks(const AnswerKey& key, const Evaluation& evaluation) {
  std::vector<std::string> lines;
  if (key.version != kVersion) {
    lines.push_back(fmt::format("the data's version is {}, not \"{}\", which these scores are for",
                                json::in_quotes(key.version), kVersion));
  }
  for (const std::string& id : evaluation.unanswered) {
    lines.push_back(fmt::format("question {} is unanswered and scores 0", json::in_quotes(id)));
  }
  if (!evaluation.unknown.empty()) {
    lines.push_back(
        fmt::format("{} predictions are for ids that the data does not have, the first "
                    "{}; they are ignored",
                    evaluation.unknown.size(), json::in_quotes(evaluation.unknown.front())));
  }
  return lines;
}

}  // namespace squad
