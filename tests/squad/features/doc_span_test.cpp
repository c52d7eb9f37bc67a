#include "squad/features/doc_span.h"

#include <random>

#include <gtest/gtest.h>

namespace squad {
namespace {

using Spans = std::vector<DocSpan>;

TEST(DocSpanTest, spans_begin_at_every_stride_and_end_with_the_first_that_reaches_the_end) {
  EXPECT_EQ(slide_spans(10, 4, 3), (Spans{{0, 4}, {3, 4}, {6, 4}}));
  EXPECT_EQ(slide_spans(11, 4, 3), (Spans{{0, 4}, {3, 4}, {6, 4}, {9, 2}}));
  EXPECT_EQ(slide_spans(4, 4, 3), (Spans{{0, 4}}));
  EXPECT_TRUE(slide_spans(0, 4, 3).empty());
}

TEST(DocSpanTest, no_token_is_left_out_where_the_stride_is_longer_than_a_span) {
  EXPECT_EQ(slide_spans(5, 2, 100), (Spans{{0, 2}, {2, 2}, {4, 1}}));
}

// The question as the published programs ask it: for one token, over all spans.
int32_t most_context(const std::vector<DocSpan>& spans, int32_t token) {
  double best_score = 0;
  int32_t best = -1;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const int32_t end = spans[i].start + spans[i].length - 1;
    if (token < spans[i].start || token > end) continue;
    const double score = std::min(token - spans[i].start, end - token) + 0.01 * spans[i].length;
    if (best < 0 || score > best_score) {
      best_score = score;
      best = static_cast<int32_t>(i);
    }
  }
  return best;
}

TEST(DocSpanTest, every_token_is_in_the_span_that_shows_most_around_it) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const auto tokens = static_cast<int32_t>(1 + random() % 60);
    const std::vector<DocSpan> spans = slide_spans(tokens, static_cast<int32_t>(1 + random() % 20),
                                                   static_cast<int32_t>(1 + random() % 10));
    const std::vector<int32_t> best = max_context_spans(spans, tokens);
    ASSERT_EQ(best.size(), static_cast<std::size_t>(tokens));
    for (int32_t token = 0; token < tokens; ++token) {
      EXPECT_EQ(best[static_cast<std::size_t>(token)], most_context(spans, token));
    }
  }
}

TEST(DocSpanTest, of_two_spans_that_show_as_much_the_first_counts) {
  EXPECT_EQ(max_context_spans({{0, 4}, {3, 4}}, 7), (std::vector<int32_t>{0, 0, 0, 0, 1, 1, 1}));
}

}  // namespace
}  // namespace squad
