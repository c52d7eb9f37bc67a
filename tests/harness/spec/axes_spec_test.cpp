#include "harness/spec/axes_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class AxesSpecTest : public SpecFiles {};

TEST_F(AxesSpecTest, refuses_empty_and_repeated_values) {
  for (const char* axis : {"implementation", "micro_batch", "sequence_length", "precision",
                           "optimizer", "flags", "layers"}) {
    EXPECT_THAT(error_with("/axes/" + std::string(axis), "[]"), HasSubstr("the array is empty"))
        << axis;
  }
  EXPECT_THAT(error_with("/axes/micro_batch", "[4, 8, 4]"),
              StartsWith(" /axes/micro_batch/2: 4 is given twice"));
  EXPECT_THAT(error_with("/axes/precision", R"(["fp32", "fp32"])"),
              StartsWith(" /axes/precision/1: \"fp32\" is given twice"));
  EXPECT_THAT(error_with("/axes/layers", "[1, 1]"), StartsWith(" /axes/layers/1: 1 is given"));
}

TEST_F(AxesSpecTest, refuses_numbers_that_are_no_micro_batch) {
  for (const char* value : {"0", "-4", "2.5", "4.0", "65537", "1e3", "18446744073709551615",
                            "99999999999999999999", "\"4\"", "null", "true", "[4]"}) {
    EXPECT_THAT(error_with("/axes/micro_batch", "[" + std::string(value) + "]"),
                StartsWith(" /axes/micro_batch/0: expected an integer from 1 to 65536, got "))
        << value;
  }
  EXPECT_THAT(error_with("/axes/micro_batch", "4"), StartsWith(" /axes/micro_batch: expected an"));
}

TEST_F(AxesSpecTest, a_range_is_the_values_it_steps_over) {
  auto document = smallest_document();
  document["axes"]["micro_batch"] = {{"from", 2}, {"to", 9}, {"step", 3}};
  document["axes"]["sequence_length"] = {{"from", 8}, {"to", 8}};
  const SweepSpec spec = read(document);
  EXPECT_THAT(spec.micro_batches, testing::ElementsAre(2, 5, 8));
  EXPECT_THAT(spec.sequence_lengths, testing::ElementsAre(8));
  EXPECT_THAT(spec.varying_axes, testing::ElementsAre("micro_batch"));
}

TEST_F(AxesSpecTest, refuses_ranges_without_values) {
  EXPECT_THAT(error_with("/axes/micro_batch", R"({"from": 5, "to": 4})"),
              StartsWith(" /axes/micro_batch/to: expected an integer from 5 to 65536, got 4"));
  EXPECT_THAT(error_with("/axes/micro_batch", R"({"from": 1, "to": 4, "step": 0})"),
              StartsWith(" /axes/micro_batch/step: expected an integer from 1"));
  EXPECT_THAT(error_with("/axes/micro_batch", R"({"from": 1})"),
              StartsWith(" /axes/micro_batch/to: the key is required"));
  EXPECT_THAT(error_with("/axes/micro_batch", R"({"from": 1, "to": 4, "by": 2})"),
              StartsWith(" /axes/micro_batch/by: unknown key"));
  EXPECT_THAT(error_with("/axes/sequence_length", R"({"from": 384, "to": 640, "step": 128})"),
              StartsWith(" /axes/sequence_length: sequence length 640 is more than the 512"));
}

TEST_F(AxesSpecTest, refuses_unknown_names) {
  EXPECT_EQ(error_with("/axes/implementation", R"(["fussed"])"),
            " /axes/implementation/0: unknown implementation \"fussed\"; did you mean 'fused'?");
  EXPECT_THAT(error_with("/axes/precision", R"(["fp8"])"), HasSubstr("unknown precision \"fp8\""));
  EXPECT_THAT(error_with("/axes/optimizer", R"(["sgd"])"), HasSubstr("unknown optimizer \"sgd\""));
}

TEST_F(AxesSpecTest, refuses_sequences_longer_than_the_positions) {
  EXPECT_THAT(error_with("/axes/sequence_length", "[128, 513]"),
              StartsWith(" /axes/sequence_length/1: sequence length 513 is more than the 512"));
  auto document = smallest_document();
  document["model"]["max_positions"] = 383;
  EXPECT_THAT(error_of(document),
              StartsWith(" /axes/sequence_length: sequence length 384 is more than the 383"));
}

TEST_F(AxesSpecTest, counts_the_cells_of_every_flag_set) {
  const SweepSpec spec = read(v100_document());
  // Per micro-batch: 2 sets for each pytorch_*, and 8 + activation_checkpoint for fused.
  EXPECT_EQ(count_candidates(spec, sample_catalog()), 5 * (2 + 2 + 9));
}

}  // namespace
}  // namespace harness
