// The smaller parts of a sweep file: device, measure, exclude, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class DeviceSpecTest : public SpecFiles {};
class MeasureSpecTest : public SpecFiles {};
class ExcludeSpecTest : public SpecFiles {
 protected:
  std::string error_when(const std::string& when) const {
    return error_with("/exclude", R"([{"when": )" + when + R"(, "reason": "why"}])");
  }
};

TEST_F(DeviceSpecTest, memory_sizes_are_texts_or_integers_of_bytes) {
  auto document = smallest_document();
  document["device"]["memory_limit"] = 1234567;
  document["device"]["reserved"] = "1.5 KiB";
  EXPECT_EQ(read(document).device, (Device{"cpu", 1234567, 1536}));
}

TEST_F(DeviceSpecTest, refuses_impossible_memory) {
  for (const char* value : {R"("16 GB")", R"("-1 GiB")", R"("GiB")", R"("0 GiB")", "0", "-5", "1.5",
                            "1e15", "9000000000000000000", "null", "[]"}) {
    EXPECT_THAT(error_with("/device/memory_limit", value), StartsWith(" /device/memory_limit: "))
        << value;
  }
  EXPECT_THAT(error_with("/device", R"({"kind": "cpu", "memory_limit": 10, "reserved": 10})"),
              StartsWith(" /device/reserved: 10 bytes reserved leave nothing"));
  EXPECT_THAT(error_with("/device/kind", R"("gpu")"),
              StartsWith(" /device/kind: unknown device kind \"gpu\"; "));
}

TEST_F(DeviceSpecTest, limits_of_the_flag_table_are_distinct_and_above_what_is_reserved) {
  EXPECT_THAT(error_with("/flag_table_limits", R"(["1 GiB", 1073741824])"),
              StartsWith(" /flag_table_limits/1: 1073741824 is given twice"));
  EXPECT_THAT(error_with("/flag_table_limits", "[]"), HasSubstr("the array is empty"));
  auto document = v100_document();
  document["flag_table_limits"] = {"512 MiB"};
  EXPECT_THAT(error_of(document), StartsWith(" /flag_table_limits/0: \"512 MiB\" is not more"));
}

TEST_F(MeasureSpecTest, reads_what_is_given_and_keeps_the_other_defaults) {
  auto document = smallest_document();
  document["measure"] = {{"timeout", "5 min"}, {"steps", 3}, {"seed", 18446744073709551615ULL}};
  EXPECT_EQ(read(document).measure, (Measure{6, 2, 3, 300, 0, 18446744073709551615ULL}));
  document["measure"]["pinning"] = "compact";
  EXPECT_EQ(read(document).measure.pinning, "compact");
}

TEST_F(MeasureSpecTest, records_graphs_on_cuda_alone) {
  auto document = smallest_document();
  document["device"] = {{"kind", "cuda"}};
  document["measure"] = {{"cuda_graph", true}};
  EXPECT_TRUE(read(document).measure.cuda_graph);
  document["device"] = {{"kind", "cpu"}};
  EXPECT_THAT(error_of(document),
              AllOf(StartsWith(" /measure/cuda_graph: "), HasSubstr("\"cpu\"")));
  document["measure"]["cuda_graph"] = false;
  EXPECT_FALSE(read(document).measure.cuda_graph);
  document["device"] = {{"kind", "cuda"}};
  document["measure"] = {{"cuda_graph", true}, {"warmup_steps", 1}};
  EXPECT_THAT(error_of(document), HasSubstr("takes 2 warm-up steps before it can be timed, not 1"));
}

TEST_F(MeasureSpecTest, refuses_impossible_values) {
  EXPECT_THAT(error_with("/measure", R"({"rounds": 0})"), StartsWith(" /measure/rounds: "));
  EXPECT_THAT(error_with("/measure", R"({"steps": 0})"), StartsWith(" /measure/steps: "));
  EXPECT_THAT(error_with("/measure", R"({"warmup_steps": -1})"), StartsWith(" /measure/warmup_"));
  EXPECT_THAT(error_with("/measure", R"({"threads": 0.5})"), StartsWith(" /measure/threads: "));
  EXPECT_THAT(error_with("/measure", R"({"seed": -1})"), StartsWith(" /measure/seed: "));
  EXPECT_THAT(error_with("/measure", R"({"pinning": "compcat"})"),
              AllOf(StartsWith(" /measure/pinning: "), HasSubstr("did you mean 'compact'")));
  EXPECT_THAT(error_with("/measure", R"({"pinning": true})"), StartsWith(" /measure/pinning: "));
  EXPECT_THAT(error_with("/measure", R"({"cuda_graph": "yes"})"),
              StartsWith(" /measure/cuda_graph: "));
  for (const char* value :
       {"300", R"("300")", R"("0 s")", R"("-1 s")", R"("8 days")", R"("999 h")", R"("inf s")"}) {
    EXPECT_THAT(error_with("/measure", R"({"timeout": )" + std::string(value) + "}"),
                StartsWith(" /measure/timeout: "))
        << value;
  }
  EXPECT_THAT(error_with("/global_batch", "0"), StartsWith(" /global_batch: expected an integer"));
}

TEST_F(ExcludeSpecTest, takes_values_of_every_axis) {
  auto document = smallest_document();
  document["axes"]["flags"] = "all";
  document["axes"]["layers"] = {1, 2};
  document["exclude"] = nlohmann::ordered_json::parse(R"([
    {"when": {"flags": [], "layers": 2}, "reason": "a"},
    {"when": {"flags": ["gelu_checkpoint", "normalize_invertible"]}, "reason": "b"}])");
  const auto rules = read(document).exclude;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_THAT(rules[0].when,
              ElementsAre(testing::Pair("flags", "none"), testing::Pair("layers", "2")));
  EXPECT_EQ(rules[1].when.at("flags"), "normalize_invertible+gelu_checkpoint");
}

TEST_F(ExcludeSpecTest, refuses_axes_and_values_that_the_sweep_lacks) {
  EXPECT_THAT(error_when(R"({"microbatch": 4})"),
              StartsWith(" /exclude/0/when/microbatch: the sweep has no such axis; did you mean"));
  EXPECT_THAT(error_when(R"({"layers": 1})"), HasSubstr("the sweep has no such axis"));
  EXPECT_THAT(error_when(R"({"micro_batch": 5})"),
              StartsWith(" /exclude/0/when/micro_batch: 5 is not a value of the axis"));
  EXPECT_THAT(error_when(R"({"micro_batch": "4"})"), HasSubstr("is not a value of the axis"));
  EXPECT_THAT(error_when(R"({"implementation": "pytorch_tuned"})"), HasSubstr("is not a value"));
  EXPECT_THAT(error_when(R"({"flags": ["gelu_checkpoint"]})"), HasSubstr("is not a value"));
  EXPECT_THAT(error_when("{}"), StartsWith(" /exclude/0/when: an empty 'when'"));
  EXPECT_THAT(error_with("/exclude", R"([{"when": {"micro_batch": 4}}])"),
              StartsWith(" /exclude/0/reason: the key is required"));
  EXPECT_THAT(error_with("/exclude", R"([{"when": {"micro_batch": 4}, "reason": ""}])"),
              StartsWith(" /exclude/0/reason: the reason must be"));
}

}  // namespace
}  // namespace harness
