#include "squad/answers/answer_span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace squad {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(BestPositions, the_earlier_of_equals_comes_first) {
  const std::vector<float> logits = {1.0F, 3.0F, 2.0F, 3.0F, -1.0F, 2.0F};
  EXPECT_THAT(best_positions(logits, 4), ElementsAre(1, 3, 2, 5));
  EXPECT_THAT(best_positions(logits, 99), ElementsAre(1, 3, 2, 5, 0, 4));
  EXPECT_THAT(best_positions({}, 3), IsEmpty());
}

/// [CLS] q [SEP] a b c d [SEP]: the paragraph is at 3 to 6, and "d" is seen better elsewhere.
Window small_window() {
  return {.input_ids = std::vector<int32_t>(8, 1),
          .paragraph_begin = 3,
          .word_of_token = {10, 11, 12, 13},
          .is_max_context = {1, 1, 1, 0}};
}

/// Logits of 10 positions, two of them padding: 1 at `at`, 0 elsewhere.
std::vector<float> peak(std::size_t at) {
  std::vector<float> logits(10, 0.0F);
  logits.at(at) = 1.0F;
  return logits;
}

std::vector<std::pair<int32_t, int32_t>> spans_of(const std::vector<float>& start,
                                                  const std::vector<float>& end,
                                                  const AnswerOptions& options) {
  const Window window = small_window();
  std::vector<AnswerSpan> spans;
  append_spans(window, {start, end}, options, spans);
  std::vector<std::pair<int32_t, int32_t>> result;
  for (const AnswerSpan& span : spans) result.emplace_back(span.start, span.end);
  return result;
}

TEST(AppendSpans, only_the_paragraph_can_be_the_answer) {
  constexpr AnswerOptions kOne = {.n_best_size = 1, .max_answer_length = 30};
  EXPECT_THAT(spans_of(peak(3), peak(4), kOne), ElementsAre(Pair(3, 4)));
  EXPECT_THAT(spans_of(peak(4), peak(4), kOne), ElementsAre(Pair(4, 4)));
  EXPECT_THAT(spans_of(peak(4), peak(3), kOne), IsEmpty());
  EXPECT_THAT(spans_of(peak(0), peak(4), kOne), IsEmpty());
  EXPECT_THAT(spans_of(peak(2), peak(4), kOne), IsEmpty());
  EXPECT_THAT(spans_of(peak(3), peak(7), kOne), IsEmpty());
  EXPECT_THAT(spans_of(peak(3), peak(9), kOne), IsEmpty());
}

TEST(AppendSpans, only_the_beginning_needs_its_context) {
  constexpr AnswerOptions kOne = {.n_best_size = 1, .max_answer_length = 30};
  EXPECT_THAT(spans_of(peak(6), peak(6), kOne), IsEmpty());
  EXPECT_THAT(spans_of(peak(5), peak(6), kOne), ElementsAre(Pair(5, 6)));
}

TEST(AppendSpans, long_answers_are_left_out) {
  EXPECT_THAT(spans_of(peak(3), peak(6), {.n_best_size = 1, .max_answer_length = 4}),
              ElementsAre(Pair(3, 6)));
  EXPECT_THAT(spans_of(peak(3), peak(6), {.n_best_size = 1, .max_answer_length = 3}), IsEmpty());
}

}  // namespace
}  // namespace squad
