#include "train/loss_scale.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace train {
namespace {

using testing::HasSubstr;

/// The scale after each step; an 'x' of `steps` is one that overflowed.
std::vector<int> scales(LossScale& loss_scale, std::string_view steps) {
  std::vector<int> result;
  for (const char step : steps) {
    loss_scale.update(step == 'x');
    result.push_back(static_cast<int>(loss_scale.scale()));
  }
  return result;
}

LossScaleConfig short_window(int64_t hysteresis, bool consecutive = false) {
  LossScaleConfig config;
  config.initial = 1024;
  config.window = 3;
  config.hysteresis = hysteresis;
  config.consecutive_hysteresis = consecutive;
  return config;
}

// Expected scales: DeepSpeed's DynamicLossScaler.update_scale with the same settings.
constexpr std::string_view kSteps = "....x.x......x.....x.x.x.......x.x.x";

TEST(LossScale, the_hysteresis_forgives_overflows_until_the_scale_has_grown) {
  LossScale loss_scale(short_window(2));
  EXPECT_EQ(
      scales(loss_scale, kSteps),
      std::vector<int>({1024, 1024, 1024, 2048, 2048, 2048, 1024, 1024, 1024, 1024, 2048, 2048,
                        2048, 2048, 2048, 2048, 2048, 4096, 4096, 4096, 4096, 2048, 2048, 1024,
                        1024, 1024, 1024, 2048, 2048, 2048, 4096, 4096, 4096, 2048, 2048, 1024}));
}

TEST(LossScale, without_hysteresis_every_overflow_halves_the_scale) {
  LossScale loss_scale(short_window(1));
  EXPECT_EQ(scales(loss_scale, kSteps),
            std::vector<int>({1024, 1024, 1024, 2048, 1024, 1024, 512,  512, 512, 512, 1024, 1024,
                              1024, 512,  512,  512,  512,  1024, 1024, 512, 512, 256, 256,  128,
                              128,  128,  128,  256,  256,  256,  512,  256, 256, 128, 128,  64}));
}

TEST(LossScale, consecutive_hysteresis_is_refilled_by_every_good_step) {
  LossScale loss_scale(short_window(3, true));
  EXPECT_EQ(scales(loss_scale, ".x.x.x.xxx.xx....xxxx"),
            std::vector<int>({1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 512, 512,
                              512,  512,  512,  512,  512,  1024, 1024, 1024, 512,  256}));
}

TEST(LossScale, the_scale_grows_after_the_window_and_one_step_at_first) {
  LossScale loss_scale(LossScaleConfig{});
  EXPECT_EQ(loss_scale.scale(), 65536);
  for (int step = 0; step < 1000; ++step) loss_scale.update(false);
  EXPECT_EQ(loss_scale.scale(), 65536);
  loss_scale.update(false);
  EXPECT_EQ(loss_scale.scale(), 131072);
  for (int step = 0; step < 999; ++step) loss_scale.update(false);
  EXPECT_EQ(loss_scale.scale(), 131072);
  loss_scale.update(false);
  EXPECT_EQ(loss_scale.scale(), 262144);
}

TEST(LossScale, below_the_minimum_training_ends) {
  LossScaleConfig config = short_window(1);
  config.minimum = 300;
  LossScale loss_scale(config);
  EXPECT_EQ(scales(loss_scale, "xx"), std::vector<int>({512, 300}));
  try {
    loss_scale.update(true);
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("smallest loss scale of 300, in step 2"));
  }
}

TEST(LossScale, a_fixed_scale_stays) {
  LossScaleConfig config = short_window(1);
  config.fixed = 128;
  LossScale loss_scale(config);
  EXPECT_EQ(scales(loss_scale, "xx......"), std::vector<int>(8, 128));
}

TEST(LossScale, a_restored_state_goes_on_as_the_first_would_have) {
  for (std::size_t cut = 0; cut <= kSteps.size(); ++cut) {
    LossScale whole(short_window(2));
    scales(whole, kSteps.substr(0, cut));
    LossScale resumed(short_window(2));
    resumed.restore(whole.state());
    EXPECT_EQ(scales(resumed, kSteps.substr(cut)), scales(whole, kSteps.substr(cut))) << cut;
    EXPECT_EQ(resumed.state(), whole.state());
  }
}

TEST(LossScale, impossible_states_and_settings_are_refused) {
  const LossScale::State good{512, 10, 4, 1};
  const auto restored = [](const LossScale::State& state) {
    LossScale(short_window(2)).restore(state);
  };
  EXPECT_NO_THROW(restored(good));
  for (const LossScale::State& bad :
       {LossScale::State{0, 10, 4, 1}, LossScale::State{NAN, 10, 4, 1},
        LossScale::State{0.5, 10, 4, 1}, LossScale::State{512, -1, -1, 0},
        LossScale::State{512, 10, 10, 1}, LossScale::State{512, 10, -2, 1},
        LossScale::State{512, 10, 4, 2}, LossScale::State{512, 10, 4, -1}}) {
    EXPECT_THROW(restored(bad), std::invalid_argument) << bad.scale << ' ' << bad.steps;
  }
  for (const double scale : {0.0, -1.0, 0.5, static_cast<double>(INFINITY), std::nan("")}) {
    LossScaleConfig config;
    config.initial = scale;
    EXPECT_THROW(LossScale{config}, std::invalid_argument) << scale;
  }
  EXPECT_THROW(LossScale{short_window(0)}, std::invalid_argument);
  LossScaleConfig config;
  config.window = 0;
  EXPECT_THROW(LossScale{config}, std::invalid_argument);
}

}  // namespace
}  // namespace train
