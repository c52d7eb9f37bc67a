#include "squad/features/doc_span.h"

#include <algorithm>
#include <cstddef>

namespace squad {

std::vector<DocSpan> slide_spans(int32_t tokens, int32_t max_length, int32_t stride) {
  std::vector<DocSpan> spans;
  int32_t start = 0;
  while (start < tokens) {
    const int32_t length = std::min(tokens - start, max_length);
    spans.push_back({start, length});
    if (start + length == tokens) break;
    start += std::min(length, stride);
  }
  return spans;
}

std::vector<int32_t> max_context_spans(const std::vector<DocSpan>& spans, int32_t tokens) {
  std::vector<int32_t> best(static_cast<std::size_t>(tokens), 0);
  std::vector<double> best_score(static_cast<std::size_t>(tokens), -1.0);
  for (std::size_t index = 0; index < spans.size(); ++index) {
    const int32_t length = spans[index].length;
    auto token = static_cast<std::size_t>(spans[index].start);
    for (int32_t i = 0; i < length; ++i, ++token) {
      const double score = std::min(i, length - 1 - i) + 0.01 * length;
      if (score > best_score[token]) {
        best_score[token] = score;
        best[token] = static_cast<int32_t>(index);
      }
    }
  }
  return best;
}

}  // namespace squad
