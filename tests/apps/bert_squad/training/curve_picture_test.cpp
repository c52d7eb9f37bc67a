#include "apps/bert_squad/training/curve_picture.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace apps {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<LossPoint> points(const std::vector<double>& losses) {
  std::vector<LossPoint> all;
  for (const double loss : losses) {
    all.push_back({static_cast<int64_t>(all.size()) + 1, loss, loss / 2, 1e-5, 10});
  }
  return all;
}

TEST(CurvePicture, has_both_curves_between_round_ticks) {
  const auto picture = curve_picture(points({6, 3, 2, 1}));
  EXPECT_THAT(picture, testing::StartsWith("<svg xmlns="));
  EXPECT_THAT(picture, testing::EndsWith("</svg>\n"));
  // Losses from 0 to 6 in ticks of 2; 6 lies at the top (30), 3 half-way down (183), step 4 right.
  for (const char* const tick : {">0<", ">2<", ">4<", ">6<"}) EXPECT_THAT(picture, HasSubstr(tick));
  EXPECT_THAT(picture, HasSubstr("points=\"228.0,30.0 400.0,183.0 572.0,234.0 744.0,285.0\""));
  EXPECT_THAT(picture, HasSubstr("points=\"228.0,183.0 400.0,259.5 572.0,285.0 744.0,310.5\""));
}

TEST(CurvePicture, of_one_step_or_of_losses_that_overflowed_has_numbers_only) {
  const double infinite = std::numeric_limits<double>::infinity();
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (const auto& losses : {std::vector<double>{2}, {0, 0}, {infinite, 1}, {1, none}, {none}}) {
    const auto picture = curve_picture(points(losses));
    EXPECT_THAT(picture, Not(HasSubstr("nan")));
    EXPECT_THAT(picture, Not(HasSubstr("inf")));
  }
}

}  // namespace
}  // namespace apps
