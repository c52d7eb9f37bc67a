#include "worker/check/compare.h"

#include <limits>

#include <gtest/gtest.h>

#include "worker/check/tolerances.h"

namespace worker {
namespace {

const std::string kLayer = "bert.encoder.layer.0.attention.self.";

std::vector<NamedTensor> tensors() {
  return {{"loss", at::ones({}, at::kDouble)},
          {kLayer + "query.bias", at::arange(1, 9, at::kDouble)},
          {kLayer + "key.bias", at::full({8}, 1e-18, at::kDouble)}};
}

TEST(Compare, equal_tensors_pass) {
  const auto result = compare_with_reference(tensors(), tensors(), "fp32");
  EXPECT_EQ(result.status, harness::Status::kPassed);
  EXPECT_EQ(result.tensors, 3);
  EXPECT_EQ(result.worst_error, 0);
}

TEST(Compare, the_worst_tensor_is_named_with_its_error_and_tolerance) {
  auto candidate = tensors();
  candidate[1].value = candidate[1].value * 1.5;
  const auto result = compare_with_reference(candidate, tensors(), "fp32");
  EXPECT_EQ(result.status, harness::Status::kIncorrect);
  EXPECT_EQ(result.worst_tensor, kLayer + "query.bias");
  EXPECT_NEAR(result.worst_error, 0.5, 1e-12);
  EXPECT_EQ(result.tolerance, tolerance_of(result.worst_tensor, "fp32"));
  EXPECT_NE(result.reason.find("query.bias"), std::string::npos);
}

TEST(Compare, the_worse_of_two_checks_stands_for_both) {
  const auto good = compare_with_reference(tensors(), tensors(), "fp32");
  auto candidate = tensors();
  candidate[1].value = candidate[1].value * 1.5;
  const auto bad = compare_with_reference(candidate, tensors(), "fp32");
  const auto mistrusted = compare_with_reference({}, {}, "fp32");
  EXPECT_EQ(merge(good, good).status, harness::Status::kPassed);
  EXPECT_EQ(merge(good, good).tensors, 6);
  EXPECT_EQ(merge(bad, good).reason, bad.reason);
  EXPECT_EQ(merge(good, bad).reason, "without dropout " + bad.reason);
  EXPECT_EQ(merge(good, bad).worst_error, bad.worst_error);
  EXPECT_EQ(merge(good, bad).tensors, 6);
  EXPECT_EQ(merge(bad, mistrusted).status, harness::Status::kMistrusted);
  EXPECT_EQ(merge(mistrusted, bad).status, harness::Status::kMistrusted);
}

TEST(Compare, bf16_allows_more_than_fp32) {
  auto candidate = tensors();
  candidate[1].value = candidate[1].value * 1.01;
  EXPECT_EQ(compare_with_reference(candidate, tensors(), "bf16").status, harness::Status::kPassed);
  EXPECT_EQ(compare_with_reference(candidate, tensors(), "fp32").status,
            harness::Status::kIncorrect);
}

TEST(Compare, the_key_bias_is_measured_by_the_query_bias) {
  auto candidate = tensors();
  candidate[2].value = at::full({8}, 1e-7, at::kDouble);
  EXPECT_EQ(compare_with_reference(candidate, tensors(), "fp32").status, harness::Status::kPassed);
  candidate[2].value = at::full({8}, 1e-2, at::kDouble);
  EXPECT_EQ(compare_with_reference(candidate, tensors(), "fp32").status,
            harness::Status::kIncorrect);
}

TEST(Compare, nan_a_missing_tensor_and_another_shape_are_incorrect) {
  for (int defect = 0; defect < 3; ++defect) {
    auto candidate = tensors();
    auto& value = candidate[1].value;
    if (defect == 0) value = value * std::numeric_limits<double>::quiet_NaN();
    if (defect == 1) value = at::Tensor();
    if (defect == 2) value = value.narrow(0, 0, 4);
    EXPECT_EQ(compare_with_reference(candidate, tensors(), "bf16").status,
              harness::Status::kIncorrect)
        << defect;
  }
}

TEST(Compare, a_reference_that_proves_nothing_is_mistrusted) {
  for (int fault = 0; fault < 3; ++fault) {
    auto reference = tensors();
    auto& value = reference[1].value;
    if (fault == 0) value = value * std::numeric_limits<double>::infinity();
    if (fault == 1) value = at::cat({value.narrow(0, 0, 3), at::zeros({5}, at::kDouble)});
    if (fault == 2) value = at::Tensor();
    const auto result = compare_with_reference(reference, reference, "fp32");
    EXPECT_EQ(result.status, harness::Status::kMistrusted) << fault;
    EXPECT_NE(result.reason.find("query.bias"), std::string::npos) << fault;
  }
  EXPECT_EQ(compare_with_reference({}, {}, "fp32").status, harness::Status::kMistrusted);
}

}  // namespace
}  // namespace worker
