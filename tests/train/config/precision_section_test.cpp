#include "train/config/precision_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/config/config_text.h"

namespace train {
namespace {

using testing::HasSubstr;

TEST(PrecisionSection, one_precision_is_enabled) {
  EXPECT_EQ(parsed(with(R"("fp16": {"enabled": true})")).precision, Precision::kFp16);
  EXPECT_EQ(parsed(with(R"("bf16": {"enabled": true})")).precision, Precision::kBf16);
  EXPECT_EQ(parsed(with(R"("fp16": {}, "bf16": {"enabled": false})")).precision, Precision::kFp32);
  EXPECT_EQ(parsed(with(R"("fp16": {"enabled": false}, "bf16": {"enabled": true})")).precision,
            Precision::kBf16);
  EXPECT_EQ(error_of(with(R"("fp16": {"enabled": true}, "bf16": {"enabled": true})")),
            "c.json: /bf16: fp16 is enabled as well; enable one of them");
}

TEST(PrecisionSection, the_loss_scale_is_read) {
  const LossScaleConfig scale =
      parsed(with(R"("fp16": {"enabled": true, "auto_cast": false, "loss_scale": 0,
                     "initial_scale_power": 12, "loss_scale_window": 500, "hysteresis": 3,
                     "consecutive_hysteresis": true, "min_loss_scale": 0.25})"))
          .loss_scale;
  EXPECT_EQ(scale.fixed, std::nullopt);
  EXPECT_EQ(scale.initial, 4096);
  EXPECT_EQ(scale.window, 500);
  EXPECT_EQ(scale.hysteresis, 3);
  EXPECT_TRUE(scale.consecutive_hysteresis);
  EXPECT_EQ(scale.minimum, 0.25);
  EXPECT_EQ(parsed(with(R"("fp16": {"enabled": true, "loss_scale": 128})")).loss_scale.fixed, 128);
}

TEST(PrecisionSection, the_defaults_are_deepspeeds) {
  const LossScaleConfig scale = parsed(with(R"("fp16": {"enabled": true})")).loss_scale;
  EXPECT_EQ(scale.fixed, std::nullopt);
  EXPECT_EQ(scale.initial, 65536);
  EXPECT_EQ(scale.window, 1000);
  EXPECT_EQ(scale.hysteresis, 2);
  EXPECT_FALSE(scale.consecutive_hysteresis);
  EXPECT_EQ(scale.minimum, 1);
}

TEST(PrecisionSection, values_that_cannot_be_used_are_placed) {
  const auto fp16 = [](const std::string& keys) {
    return error_of(with(R"("fp16": {)" + keys + "}"));
  };
  EXPECT_THAT(fp16(R"("enabled": "true")"), HasSubstr("/fp16/enabled: expected true or false"));
  EXPECT_THAT(fp16(R"("enabled": 1)"), HasSubstr("/fp16/enabled: expected true or false"));
  EXPECT_THAT(fp16(R"("loss_scale": -1)"), HasSubstr("/fp16/loss_scale: expected a number"));
  EXPECT_THAT(fp16(R"("loss_scale": 1e39)"), HasSubstr("within fp32's range"));
  EXPECT_THAT(fp16(R"("loss_scale": true)"), HasSubstr("found true"));
  EXPECT_EQ(fp16(R"("initial_scale_power": 128)"),
            "c.json: /fp16/initial_scale_power: expected a whole number from 0 to 127, found 128");
  EXPECT_THAT(fp16(R"("initial_scale_power": 16.5)"), HasSubstr("found 16.5"));
  EXPECT_THAT(fp16(R"("loss_scale_window": 0)"), HasSubstr("/fp16/loss_scale_window: expected"));
  EXPECT_THAT(fp16(R"("hysteresis": 0)"), HasSubstr("/fp16/hysteresis: expected"));
  EXPECT_THAT(fp16(R"("consecutive_hysteresis": null)"), HasSubstr("expected true or false"));
  EXPECT_THAT(fp16(R"("min_loss_scale": 0)"), HasSubstr("/fp16/min_loss_scale: expected"));
  EXPECT_EQ(fp16(R"("initial_scale_power": 4, "min_loss_scale": 17)"),
            "c.json: /fp16/min_loss_scale: 17 is larger than the initial loss scale 16; give a "
            "smaller one, or a larger initial_scale_power");
  EXPECT_THAT(fp16(R"("auto_cast": true)"), HasSubstr("/fp16/auto_cast: "));
  EXPECT_THAT(error_of(with(R"("fp16": true)")), HasSubstr("/fp16: expected an object"));
  EXPECT_THAT(error_of(with(R"("bf16": {"enabled": 1})")),
              HasSubstr("/bf16/enabled: expected true or false"));
}

}  // namespace
}  // namespace train
