#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SimulatedSpecTest : public SpecFiles {
 protected:
  static nlohmann::ordered_json simulated_document() {
    auto document = smallest_document();
    document["device"] = nlohmann::ordered_json::parse(R"({
      "kind": "simulated",
      "memory_limit": "1 GiB",
      "simulated": {
        "implementations": {
          "pytorch_eager": {"time": {"base": "6 ms"}, "memory": {"base": "1 KiB"}},
          "fused": {"time": {"base": "4 ms", "sequence": "3 ms"},
                    "memory": {"base": 1000, "sequence": 100}}
        },
        "flags": {"gelu_checkpoint": {"time_percent": 2, "frees_percent": 12}},
        "noise": {"round": 0.01, "step": 0.02},
        "drift_percent": -1,
        "real_time": true,
        "faults": [
          {"kind": "out_of_memory", "probability": 0.5, "when": {"micro_batch": 4}, "above": 7},
          {"kind": "hang", "round": 2, "phase": "setup"},
          {"kind": "garbage", "form": "flood"},
          {"kind": "drift", "percent_per_step": 3}
        ]
      }
    })");
    return document;
  }

  std::string error_at(const std::string& pointer, const std::string& value) const {
    auto document = simulated_document();
    document["device"]["simulated"][nlohmann::ordered_json::json_pointer(pointer)] =
        nlohmann::ordered_json::parse(value);
    return error_of(document);
  }
  std::string error_of_fault(const std::string& fault) const {
    return error_at("/faults", "[" + fault + "]");
  }
};

TEST_F(SimulatedSpecTest, reads_every_key) {
  const auto device = read(simulated_document()).device;
  EXPECT_EQ(device.memory_limit_bytes, kGiB);
  const auto& simulated = device.simulated.value();
  EXPECT_EQ(simulated.implementations.at("pytorch_eager"),
            (SimulatedImplementation{0.006, 0, 1024, 0}));
  EXPECT_EQ(simulated.implementations.at("fused"),
            (SimulatedImplementation{0.004, 0.003, 1000, 100}));
  EXPECT_EQ(simulated.flags.at("gelu_checkpoint"), (SimulatedFlag{2, 12}));
  EXPECT_EQ(simulated.noise, (SimulatedNoise{0.01, 0.02}));
  EXPECT_EQ(simulated.drift_percent, -1);
  EXPECT_TRUE(simulated.real_time);
  ASSERT_EQ(simulated.faults.size(), 4U);
  EXPECT_EQ(simulated.faults[0].probability, 0.5);
  EXPECT_EQ(simulated.faults[0].when, (CellCondition{{"micro_batch", "4"}}));
  EXPECT_EQ(simulated.faults[0].above_bytes, 7);
  EXPECT_EQ(simulated.faults[1].round, 2);
  EXPECT_EQ(simulated.faults[1].phase, "setup");
  EXPECT_EQ(simulated.faults[2].form, "flood");
  EXPECT_EQ(simulated.faults[3].percent_per_step, 3);
}

TEST_F(SimulatedSpecTest, after_changes_what_it_names_and_nothing_else) {
  auto document = simulated_document();
  document["device"]["simulated"]["after"] = nlohmann::ordered_json::parse(
      R"({"implementations": {"fused": {"time": {"sequence": "4 ms"}}}, "faults": []})");
  const auto spec = read(document);
  const auto& before = spec.device.simulated.value();
  auto expected = before;
  expected.implementations["fused"].sequence_s = 0.004;
  expected.faults.clear();
  expected.stream = 1;
  EXPECT_EQ(before.implementations.at("fused").sequence_s, 0.003);
  EXPECT_EQ(spec.device_after.value().simulated, expected);
  EXPECT_EQ(spec.device_after->memory_limit_bytes, kGiB);
}

TEST_F(SimulatedSpecTest, without_after_the_other_side_has_other_luck_alone) {
  auto spec = read(simulated_document());
  auto expected = spec.device.simulated.value();
  expected.stream = 1;
  EXPECT_EQ(spec.device_after.value().simulated, expected);
  override_memory_limit(spec, "2 GiB");
  EXPECT_EQ(spec.device_after->memory_limit_bytes, 2 * kGiB);
}

TEST_F(SimulatedSpecTest, only_a_simulated_device_has_it) {
  EXPECT_FALSE(read(smallest_document()).device_after);
  EXPECT_THAT(error_with("/device", R"({"kind": "cpu", "simulated": {}})"),
              StartsWith(" /device/simulated: unknown key"));
  EXPECT_THAT(error_with("/device", R"({"kind": "simulated"})"),
              StartsWith(" /device/simulated: the key is required"));
}

TEST_F(SimulatedSpecTest, refuses_what_is_missing_unknown_or_out_of_range) {
  EXPECT_THAT(error_at("/implementations", R"({"fused": {"time": {"base": "1 s"}, "memory": {}}})"),
              StartsWith(" /device/simulated/implementations/pytorch_eager: the key is required"));
  EXPECT_THAT(error_at("/implementations/pytorch_tuned", "{}"),
              StartsWith(" /device/simulated/implementations/pytorch_tuned: unknown key"));
  EXPECT_THAT(error_at("/implementations/fused", R"({"time": {"base": "1 s"}})"),
              StartsWith(" /device/simulated/implementations/fused/memory: the key is required"));
  EXPECT_THAT(error_at("/implementations/fused/time", "{}"), HasSubstr("a step must take time"));
  EXPECT_THAT(error_at("/implementations/fused/time/base", "4"), HasSubstr("expected a string"));
  EXPECT_THAT(error_at("/flags/gelu_chekpoint", "{}"), HasSubstr("did you mean"));
  EXPECT_THAT(
      error_at("/flags/gelu_checkpoint/frees_percent", "101"),
      StartsWith(" /device/simulated/flags/gelu_checkpoint/frees_percent: 101 is not from"));
  EXPECT_THAT(error_at("/noise/step", "-0.1"), HasSubstr("is not from 0 to 1"));
  EXPECT_THAT(error_at("/drift_percent", "-100"), HasSubstr("is not from"));
  EXPECT_THAT(error_at("/real_time", "1"), HasSubstr("expected true or false"));
  EXPECT_THAT(error_at("/after", R"({"real_time": false})"),
              StartsWith(" /device/simulated/after/real_time: unknown key"));
  EXPECT_THAT(error_at("/after", R"({"noise": {"step": 2}})"),
              StartsWith(" /device/simulated/after/noise/step: 2 is not from"));
}

TEST_F(SimulatedSpecTest, refuses_impossible_faults) {
  EXPECT_THAT(error_of_fault(R"({"kind": "craash"})"),
              StartsWith(" /device/simulated/faults/0/kind: unknown fault"));
  EXPECT_THAT(error_of_fault(R"({"kind": "crash", "probability": 1.5})"),
              HasSubstr("/probability: 1.5 is not from 0 to 1"));
  EXPECT_THAT(error_of_fault(R"({"kind": "crash", "above": 1})"), HasSubstr("unknown key"));
  EXPECT_THAT(error_of_fault(R"({"kind": "crash", "round": -1})"), HasSubstr("/round: expected"));
  EXPECT_THAT(error_of_fault(R"({"kind": "hang", "phase": "back"})"), HasSubstr("unknown phase"));
  EXPECT_THAT(error_of_fault(R"({"kind": "drift"})"), HasSubstr("/percent_per_step: the key is"));
  EXPECT_THAT(error_of_fault(R"({"kind": "garbage", "form": "x"})"), HasSubstr("/form: unknown"));
  EXPECT_THAT(error_of_fault(R"({"kind": "crash", "when": {"micro_batch": 5}})"),
              StartsWith(" /device/simulated/faults/0/when/micro_batch: 5 is not a value"));
  EXPECT_THAT(error_of_fault(R"({"kind": "incorrect", "when": {"micro_batch": 4}})"),
              StartsWith(" /device/simulated/faults/0/when/micro_batch: unknown key"));
  EXPECT_THAT(error_of_fault(R"({"kind": "incorrect", "round": 1})"), HasSubstr("unknown key"));
}

}  // namespace
}  // namespace harness
