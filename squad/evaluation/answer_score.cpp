#include "squad/evaluation/answer_score.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "squad/evaluation/normalize_answer.h"
#include "squad/text/unicode.h"

namespace squad {
namespace {

using Words = std::vector<std::string_view>;

/// Words that both have, counted as often as both have them.
std::size_t overlap(const Words& left, const Words& right) {
  std::map<std::string_view, std::size_t> left_over;
  for (const std::string_view word : left) ++left_over[word];
  std::size_t common = 0;
  for (const std::string_view word : right) {
    const auto found = left_over.find(word);
    if (found == left_over.end() || found->second == 0) continue;
    --found->second;
    ++common;
  }
  return common;
}

double f1_of(const Words& prediction, const Words& answer) {
  const std::size_t common = overlap(prediction, answer);
  if (common == 0) return 0.0;
  const double precision = static_cast<double>(common) / static_cast<double>(prediction.size());
  const double recall = static_cast<double>(common) / static_cast<double>(answer.size());
  return (2 * precision * recall) / (precision + recall);
}

}  // namespace

AnswerScore score_answer(std::string_view prediction, std::span<const std::string> answers) {
  if (answers.empty()) {
    throw std::invalid_argument("a prediction cannot be scored against no answers");
  }
  const std::string normal = normalize_answer(prediction);
  const Words words = split_spaces(normal);
  AnswerScore best;
  for (const std::string& answer : answers) {
    const std::string normal_answer = normalize_answer(answer);
    best.exact_match = best.exact_match || normal == normal_answer;
    best.f1 = std::max(best.f1, f1_of(words, split_spaces(normal_answer)));
  }
  return best;
}

}  // namespace squad
