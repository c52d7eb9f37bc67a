#pragma once

#include <cstdint>
#include <vector>

namespace squad {

/// A run of a paragraph's tokens.
struct DocSpan {
  int32_t start = 0;
  int32_t length = 0;

  bool operator==(const DocSpan&) const = default;
};

/// Spans of up to `max_length` tokens that begin every `stride` tokens (or sooner, so that none is
/// left out), up to the first that reaches the end of `tokens`. `max_length` and `stride` are
/// positive.
std::vector<DocSpan> slide_spans(int32_t tokens, int32_t max_length, int32_t stride);

/// For each of `tokens` tokens the index of the span that shows most around it: the largest
/// min(tokens to its left, to its right) + 0.01 * length, the first of equals. `spans` are in order
/// and cover all tokens.
std::vector<int32_t> max_context_spans(const std::vector<DocSpan>& spans, int32_t tokens);

}  // namespace squad
