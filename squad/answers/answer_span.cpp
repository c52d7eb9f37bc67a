#include "squad/answers/answer_span.h"

#include <algorithm>
#include <numeric>

namespace squad {
namespace {

/// Where `position` lies in the window's part of the paragraph; its size or more where it does not.
std::size_t paragraph_index(const Window& window, int32_t position) {
  return position < window.paragraph_begin
             ? window.word_of_token.size()
             : static_cast<std::size_t>(position - window.paragraph_begin);
}

bool is_answer(const Window& window, int32_t start, int32_t end, int32_t max_length) {
  const std::size_t first = paragraph_index(window, start);
  return first < window.word_of_token.size() &&
         paragraph_index(window, end) < window.word_of_token.size() &&
         window.is_max_context[first] != 0 && start <= end && end - start < max_length;
}

}  // namespace

std::vector<int32_t> best_positions(std::span<const float> logits, std::size_t count) {
  std::vector<int32_t> positions(logits.size());
  std::iota(positions.begin(), positions.end(), 0);
  count = std::min(count, positions.size());
  const auto at = [logits](int32_t position) { return logits[static_cast<std::size_t>(position)]; };
  std::ranges::partial_sort(positions, positions.begin() + static_cast<std::ptrdiff_t>(count),
                            [at](int32_t left, int32_t right) {
                              return at(left) > at(right) ||
                                     (at(left) == at(right) && left < right);
                            });
  positions.resize(count);
  return positions;
}

void append_spans(const Window& window, const WindowLogits& logits, const AnswerOptions& options,
                  std::vector<AnswerSpan>& spans) {
  const auto count = static_cast<std::size_t>(options.n_best_size);
  const std::vector<int32_t> ends = best_positions(logits.end, count);
  for (const int32_t start : best_positions(logits.start, count)) {
    for (const int32_t end : ends) {
      if (!is_answer(window, start, end, options.max_answer_length)) continue;
      spans.push_back({.window = &window,
                       .start = start,
                       .end = end,
                       .start_logit = logits.start[static_cast<std::size_t>(start)],
                       .end_logit = logits.end[static_cast<std::size_t>(end)]});
    }
  }
}

}  // namespace squad
