#pragma once

#include <span>
#include <string>
#include <string_view>

namespace squad {

/// How well one answer meets those that people gave.
struct AnswerScore {
  bool exact_match = false;  ///< equal to one of them
  double f1 = 0.0;           ///< in [0, 1]: harmonic mean of precision and recall of words
};

/// evaluate-v1.1's scores of `prediction`, both after normalize_answer, each the best over
/// `answers`. Two answers without words match exactly, but their F1 is 0. Throws
/// std::invalid_argument where `answers` is empty.
AnswerScore score_answer(std::string_view prediction, std::span<const std::string> answers);

}  // namespace squad
