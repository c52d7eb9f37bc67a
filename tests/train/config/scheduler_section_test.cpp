#include "train/config/scheduler_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/config/config_text.h"
#include "train/learning_rate_schedule.h"

namespace train {
namespace {

using testing::HasSubstr;

/// The optimizer's learning rate is 3e-5.
std::string with_scheduler(const std::string& type, const std::string& params) {
  return R"({"train_batch_size": 24, "optimizer": {"type": "Adam", "params": {"lr": 3e-5}},
             "scheduler": {"type": ")" +
         type + R"(", "params": {)" + params + "}}}";
}

template <class Schedule>
Schedule schedule(const std::string& type, const std::string& params) {
  return std::get<Schedule>(parsed(with_scheduler(type, params)).schedule.value());
}

TEST(SchedulerSection, every_parameter_is_read) {
  const auto warmup = schedule<WarmupSchedule>(
      "WarmupLR", R"("warmup_min_lr": 1e-6, "warmup_max_lr": 2e-5, "warmup_num_steps": 100,
                     "warmup_type": "linear")");
  EXPECT_EQ(warmup.minimum, 1e-6);
  EXPECT_EQ(warmup.maximum, 2e-5);
  EXPECT_EQ(warmup.warmup_steps, 100);
  EXPECT_EQ(warmup.shape, WarmupShape::kLinear);
  const auto decay = schedule<WarmupDecaySchedule>(
      "WarmupDecayLR", R"("total_num_steps": 900, "warmup_max_lr": 2e-5, "warmup_type": "log")");
  EXPECT_EQ(decay.total_steps, 900);
  EXPECT_EQ(decay.warmup.maximum, 2e-5);
  const auto linear = schedule<WarmupLinearSchedule>(
      "warmup_linear",
      R"("warmup_max_lr": 2e-5, "warmup_proportion": 0.2, "total_num_steps": 900)");
  EXPECT_EQ(linear.maximum, 2e-5);
  EXPECT_EQ(linear.warmup_proportion, 0.2);
  EXPECT_EQ(linear.total_steps, 900);
}

// Those of WarmupLR and WarmupDecayLR are DeepSpeed's, which differ in warmup_max_lr.
TEST(SchedulerSection, what_is_not_given_has_its_default) {
  const auto warmup = schedule<WarmupSchedule>("WarmupLR", "");
  EXPECT_EQ(warmup.minimum, 0);
  EXPECT_EQ(warmup.maximum, 3e-5);
  EXPECT_EQ(warmup.warmup_steps, 1000);
  EXPECT_EQ(warmup.shape, WarmupShape::kLog);
  const auto decay = schedule<WarmupDecaySchedule>("WarmupDecayLR", R"("total_num_steps": 9)");
  EXPECT_EQ(decay.warmup.maximum, 1e-3);
  const auto linear = schedule<WarmupLinearSchedule>("warmup_linear", "");
  EXPECT_EQ(linear.maximum, 3e-5);
  EXPECT_EQ(linear.warmup_proportion, 0.1);
  EXPECT_EQ(linear.total_steps, std::nullopt);
  EXPECT_EQ(error_of(with(R"("scheduler": {"type": "WarmupLR"})")), "no error");
}

TEST(SchedulerSection, other_types_and_their_parameters_are_refused) {
  EXPECT_EQ(error_of(with(R"("scheduler": {"type": "OneCycle"})")),
            "c.json: /scheduler/type: scheduler \"OneCycle\" is not supported; give \"WarmupLR\", "
            "\"WarmupDecayLR\" or \"warmup_linear\"");
  EXPECT_EQ(error_of(with(R"("scheduler": {})")),
            "c.json: /scheduler: the key \"type\" is missing");
  EXPECT_EQ(error_of(with_scheduler("WarmupLR", R"("total_num_steps": 5)")),
            "c.json: /scheduler/params/total_num_steps: WarmupLR has no such parameter; remove it");
  EXPECT_THAT(error_of(with_scheduler("WarmupDecayLR", R"("warmup_proportion": 0.1)")),
              HasSubstr("/warmup_proportion: WarmupDecayLR has no such parameter"));
  EXPECT_THAT(error_of(with_scheduler("warmup_linear", R"("warmup_num_steps": 5)")),
              HasSubstr("/warmup_num_steps: warmup_linear has no such parameter"));
  EXPECT_EQ(error_of(with_scheduler("WarmupDecayLR", "")),
            "c.json: /scheduler: WarmupDecayLR needs total_num_steps among its params; add it");
}

TEST(SchedulerSection, values_that_cannot_be_used_are_placed) {
  const auto error = [](const std::string& params) {
    return error_of(with_scheduler("WarmupLR", params));
  };
  EXPECT_THAT(error(R"("warmup_min_lr": -1e-6)"), HasSubstr("/warmup_min_lr: expected a number"));
  EXPECT_THAT(error(R"("warmup_max_lr": [1e-6])"), HasSubstr("/warmup_max_lr: expected a number"));
  EXPECT_THAT(error(R"("warmup_num_steps": 0)"), HasSubstr("/warmup_num_steps: expected"));
  EXPECT_THAT(error(R"("warmup_num_steps": 1e3)"), HasSubstr("found 1000.0"));
  EXPECT_THAT(error(R"("warmup_type": "cosine")"),
              HasSubstr("unknown warmup_type \"cosine\"; give \"log\" or \"linear\""));
  EXPECT_THAT(error_of(with_scheduler("warmup_linear", R"("warmup_proportion": 1.5)")),
              HasSubstr("/warmup_proportion: expected a number from 0 to 1"));
}

TEST(SchedulerSection, what_is_read_can_be_used) {
  for (const auto& [type, params] :
       {std::pair("WarmupLR", ""), std::pair("WarmupDecayLR", R"("total_num_steps": 1)"),
        std::pair("warmup_linear", R"("warmup_proportion": 0, "total_num_steps": 1)")}) {
    const auto config = parsed(with_scheduler(type, params)).schedule.value();
    EXPECT_GE(LearningRateSchedule(config).at(1000), 0) << type;
  }
}

}  // namespace
}  // namespace train
