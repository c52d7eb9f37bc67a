#include "harness/tuning/tuning_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class TuningSpec : public SpecFiles {
 protected:
  static nlohmann::ordered_json document() {
    auto result = smallest_document();
    result["axes"]["micro_batch"] = {{"from", 1}, {"to", 32}};
    result["global_batch"] = 24;
    return result;
  }

  std::string tuning_error(const nlohmann::ordered_json& tuned) const {
    try {
      tuning_spec(read(tuned));
    } catch (const SpecError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(TuningSpec, keeps_the_micro_batches_that_divide_the_global_batch) {
  EXPECT_THAT(tuning_spec(read(document())).micro_batches, ElementsAre(1, 2, 3, 4, 6, 8, 12, 24));
}

TEST_F(TuningSpec, a_single_micro_batch_is_no_column) {
  auto tuned = document();
  tuned["axes"]["micro_batch"] = {8, 16};
  EXPECT_THAT(tuning_spec(read(tuned)).varying_axes, testing::IsEmpty());
  EXPECT_THAT(tuning_spec(read(document())).varying_axes, ElementsAre("micro_batch"));
}

TEST_F(TuningSpec, chooses_among_every_set_where_the_sweep_says_cheapest) {
  auto tuned = document();
  tuned["axes"]["flags"] = "cheapest";
  EXPECT_EQ(tuning_spec(read(tuned)).flags.kind, FlagAxis::Kind::kAll);
}

TEST_F(TuningSpec, needs_a_global_batch_that_a_micro_batch_divides) {
  auto tuned = document();
  tuned.erase("global_batch");
  EXPECT_THAT(tuning_error(tuned), HasSubstr("sweep.json: /global_batch: the tuner compares"));
  tuned["global_batch"] = 25;
  tuned["axes"]["micro_batch"] = {4, 8};
  EXPECT_THAT(tuning_error(tuned),
              EndsWith("sweep.json: /axes/micro_batch: no micro-batch divides the global batch of "
                       "25; give some that do, as {\"from\": 1, \"to\": 25}"));
}

TEST_F(TuningSpec, answers_one_question) {
  auto tuned = document();
  tuned["axes"]["precision"] = {"fp32", "bf16"};
  EXPECT_THAT(tuning_error(tuned),
              EndsWith("sweep.json: /axes/precision: the tuner answers for one value of "
                       "'precision', the sweep has 2; keep one, or tune each in a file of its "
                       "own"));
  tuned = document();
  tuned["axes"]["sequence_length"] = {128, 384};
  EXPECT_THAT(tuning_error(tuned), HasSubstr("/axes/sequence_length: "));
  tuned = document();
  tuned["axes"]["layers"] = {1, 2, 3};
  EXPECT_THAT(tuning_error(tuned), HasSubstr("/axes/layers: the tuner answers for one value of "
                                             "'layers', the sweep has 3; "));
}

}  // namespace
}  // namespace harness
