#include "apps/bert_squad/training/progress_words.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

constexpr LossPoint kPoint = {.step = 12,
                              .loss = 4.12344,
                              .average = 4.56781,
                              .learning_rate = 3e-5,
                              .samples_per_second = 7};
constexpr Pace kPace = {.last_step = 1003, .samples_per_second = 50.254, .seconds_left = 191.2};

TEST(ProgressWords, a_step_has_its_loss_the_average_the_learning_rate_the_pace_and_the_time_left) {
  EXPECT_EQ(step_text(kPoint, kPace),
            "[12/1003] loss 4.1234 (average 4.5678)  lr 3e-05  50.25 samples/s  3:12 left");
}

TEST(ProgressWords, a_terminal_of_80_columns_has_room_for_a_bar) {
  const std::string text = bar_text(kPoint, kPace);
  EXPECT_EQ(text, "[..........] 12/1003  loss 4.1234  lr 3e-05  50.25 samples/s  3:12 left");
  EXPECT_LT(text.size(), 80U);
  EXPECT_EQ(bar_text({.step = 8, .loss = 1, .learning_rate = 0}, {.last_step = 16}),
            "[#####.....] 8/16  loss 1.0000  lr 0  0.00 samples/s  0:00 left");
}

TEST(ProgressWords, a_breakdown_is_the_mean_of_the_steps) {
  EXPECT_EQ(breakdown_text({.forward = 0.5, .backward = 1, .update = 0.25}, 10),
            "forward 50.0 ms, backward 100.0 ms, update 25.0 ms");
}

TEST(ProgressWords, an_overflow_names_the_step_and_the_new_scale) {
  EXPECT_EQ(overflow_text(7, 32768),
            "step 7 overflowed and was skipped; the loss scale is now 32768");
}

}  // namespace
}  // namespace apps
