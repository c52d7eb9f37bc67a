#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "squad/features/window.h"

namespace squad {

/// What a model says of a window: for each position how likely the answer begins and ends there.
/// At least one value a token of the window; values behind it are padding's, as many in both.
struct WindowLogits {
  std::span<const float> start;
  std::span<const float> end;
};

/// Which spans are considered. Names and defaults are the published programs'.
struct AnswerOptions {
  int32_t n_best_size = 20;        ///< beginnings and ends of a window, and answers that are kept
  int32_t max_answer_length = 30;  ///< tokens
};

/// A run of a window's tokens that may be the answer: positions, both included.
struct AnswerSpan {
  const Window* window = nullptr;
  int32_t start = 0;
  int32_t end = 0;
  double start_logit = 0.0;
  double end_logit = 0.0;

  double score() const { return start_logit + end_logit; }
};

/// Positions of the `count` largest of `logits`, largest first, the earlier of equals first.
std::vector<int32_t> best_positions(std::span<const float> logits, std::size_t count);

/// Appends to `spans` what combines one of the best beginnings with one of the best ends of
/// `window`: both in the paragraph, not longer than allowed, the beginning where no other window
/// shows more around it (of the end nobody asks that). Padding takes part in the choice of the best
/// positions, as in the published programs.
void append_spans(const Window& window, const WindowLogits& logits, const AnswerOptions& options,
                  std::vector<AnswerSpan>& spans);

}  // namespace squad
