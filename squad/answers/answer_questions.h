#pragma once

#include <span>
#include <string>
#include <vector>

#include "squad/answers/answer_span.h"
#include "squad/examples/examples.h"
#include "squad/features/window.h"
#include "squad/text/tokenizer.h"

namespace squad {

/// An answer with what speaks for it.
struct RankedAnswer {
  std::string text;
  double probability = 0.0;  ///< of those kept for the question; their sum is 1
  double start_logit = 0.0;
  double end_logit = 0.0;
};

struct AnsweredQuestion {
  std::string id;
  std::vector<RankedAnswer> answers;  ///< best first, different texts, at least one
};

/// The best answers to every example, as run_squad.py's write_predictions finds them: the spans of
/// all windows by the sum of their logits, each as the context has it (final_text), equal texts
/// once. A question without any span is answered "empty" with logits 0, as there.
///
/// `windows` were made from `examples` with `tokenizer`; `logits` has one entry a window. Throws
/// SquadError where an option is not positive, or where logits are too few or not finite.
std::vector<AnsweredQuestion> answer_questions(const Examples& examples, const WindowSet& windows,
                                               std::span<const WindowLogits> logits,
                                               const Tokenizer& tokenizer,
                                               const AnswerOptions& options);

}  // namespace squad
