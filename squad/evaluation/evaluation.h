#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "squad/evaluation/answer_key.h"
#include "squad/evaluation/prediction_file.h"

namespace squad {

/// The scores of a file of predictions, as evaluate-v1.1 gives them.
struct Evaluation {
  double exact_match = 0.0;             ///< percent
  double f1 = 0.0;                      ///< percent
  std::size_t questions = 0;            ///< what both are means over
  std::vector<std::string> unanswered;  ///< ids without a prediction; they count with 0
  std::vector<std::string> unknown;     ///< predicted ids that the key lacks, sorted; ignored
};

/// Equal to evaluate-v1.1 to the last bit: sums run in the order of `key`.
Evaluation evaluate(const AnswerKey& key, const Predictions& predictions);

/// `{"exact_match": 86.2, "f1": 92.2}`, the line that the official script prints; no newline.
std::string scores_line(const Evaluation& evaluation);

/// One line each for what the reader should know besides the scores: a version other than 1.1,
/// every unanswered question, predictions that were ignored.
std::vector<std::string> remarks(const AnswerKey& key, const Evaluation& evaluation);

}  // namespace squad
