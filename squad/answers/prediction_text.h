#pragma once

#include <span>
#include <string>

#include "squad/answers/answer_questions.h"

namespace squad {

/// What run_squad.py writes, byte for byte: json.dumps(..., indent=4) and a newline, questions in
/// order. Both throw SquadError where a question's id is given twice, for which JSON has no place.

/// predictions.json: for each id the best answer's text.
std::string predictions_text(std::span<const AnsweredQuestion> questions);

/// nbest_predictions.json: for each id all answers with probability and logits.
std::string nbest_predictions_text(std::span<const AnsweredQuestion> questions);

}  // namespace squad
