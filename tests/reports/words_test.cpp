#include "reports/words.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(Words, rates_carry_as_many_digits_as_they_are_worth) {
  EXPECT_EQ(rate_text(0.3712), "0.371");
  EXPECT_EQ(rate_text(50.764), "50.76");
  EXPECT_EQ(rate_text(std::nullopt), "");
}

TEST(Words, limits_are_in_the_unit_people_use) {
  EXPECT_EQ(limit_text(int64_t{16} << 30), "16 GiB");
  EXPECT_EQ(limit_text(int64_t{3} << 29), "1.5 GiB");
  EXPECT_EQ(limit_text(int64_t{800} << 20), "800 MiB");
}

TEST(Words, durations_have_two_units_at_most) {
  EXPECT_EQ(duration_text(0.4), "0 s");
  EXPECT_EQ(duration_text(59.6), "1 min 0 s");
  EXPECT_EQ(duration_text(725), "12 min 5 s");
  EXPECT_EQ(duration_text(3600 * 23 + 59 * 60 + 59), "23 h 59 min");
  EXPECT_EQ(duration_text(3600 * 52), "2 d 4 h");
}

TEST(Words, outcomes_are_a_rate_or_what_became_of_the_cell) {
  EXPECT_EQ(outcome_text(12.0, harness::Status::kPassed), "12.00");
  EXPECT_EQ(outcome_text(std::nullopt, harness::Status::kOutOfMemory), "OOM");
  EXPECT_EQ(outcome_text(std::nullopt, harness::Status::kMistrusted), "mistrusted");
  EXPECT_EQ(outcome_text(std::nullopt, std::nullopt), "not run");
}

TEST(Words, ranges_may_be_open_or_one_number) {
  EXPECT_EQ(range_text(9, 12), "9-12");
  EXPECT_EQ(range_text(9, 9), "9");
  EXPECT_EQ(range_text(9, std::nullopt), "9 and more");
}

TEST(Words, axes_name_their_values) {
  EXPECT_EQ(axes_text({"precision", "layers"}, {"bf16", "2"}), "precision bf16, layers 2");
  EXPECT_EQ(axes_text({}, {}), "");
  EXPECT_EQ(subject_text({"precision"}, {"bf16"}, "fused"), "precision bf16, fused");
  EXPECT_EQ(subject_text({}, {}, "fused"), "fused");
}

TEST(Words, control_characters_become_spaces) {
  EXPECT_EQ(one_line("a\r\n\x1b[31mb\x7f µ"), "a   [31mb  µ");
}

}  // namespace
}  // namespace reports
