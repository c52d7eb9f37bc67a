#include "harness/plan/filter_condition.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness {
namespace {

using testing::HasSubstr;

bool holds(const std::string& condition, const std::string& value) {
  return parse_condition(condition).holds(value);
}

std::string error_of(const std::string& condition) {
  try {
    parse_condition(condition);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(FilterCondition, has_an_axis_an_operator_and_a_value) {
  const auto condition = parse_condition(" micro_batch >= 8 ");
  EXPECT_EQ(condition.axis, "micro_batch");
  EXPECT_EQ(condition.relation, Relation::kAtLeast);
  EXPECT_EQ(condition.value, "8");
  EXPECT_EQ(condition.number, 8);
  EXPECT_EQ(parse_condition("flags~a=b").value, "a=b");
}

TEST(FilterCondition, numbers_are_compared_as_numbers) {
  EXPECT_TRUE(holds("micro_batch>=8", "16"));  // as texts "16" < "8"
  EXPECT_TRUE(holds("micro_batch<16", "8"));
  EXPECT_FALSE(holds("micro_batch<8", "8"));
  EXPECT_TRUE(holds("micro_batch<=8", "8"));
  EXPECT_FALSE(holds("micro_batch>8", "8"));
  EXPECT_TRUE(holds("dropout=0.10", "0.1"));
  EXPECT_FALSE(holds("dropout!=0.10", "0.1"));
  EXPECT_TRUE(holds("layer_norm_eps<1e-6", "1e-12"));
}

TEST(FilterCondition, byte_sizes_are_numbers) {
  EXPECT_EQ(parse_quantity("2 GiB"), 2147483648.0);
  EXPECT_EQ(parse_quantity("1.5KiB"), 1536.0);
  EXPECT_TRUE(holds("peak<=2GiB", "2147483648"));
  EXPECT_FALSE(holds("peak<2GiB", "2147483648"));
}

TEST(FilterCondition, texts_are_equal_or_not_or_contain_another) {
  EXPECT_TRUE(holds("precision=fp32", "fp32"));
  EXPECT_FALSE(holds("precision=fp", "fp32"));
  EXPECT_TRUE(holds("precision!=fp32", "bf16"));
  EXPECT_TRUE(holds("flags~gelu", "normalize_invertible+gelu_checkpoint"));
  EXPECT_FALSE(holds("flags~gelu", "none"));
  EXPECT_TRUE(holds("micro_batch~6", "16"));
}

TEST(FilterCondition, a_text_is_neither_less_nor_greater_than_a_number) {
  EXPECT_FALSE(holds("gelu<8", "erf"));
  EXPECT_FALSE(holds("gelu>=8", "erf"));
  EXPECT_TRUE(holds("gelu!=8", "erf"));
}

TEST(FilterCondition, anything_else_is_refused_with_an_example) {
  for (const char* const text : {"", "micro_batch", ">=8", "micro_batch>=", "  = ", "a!8"}) {
    EXPECT_THAT(error_of(text), HasSubstr("is no condition; write AXIS, one of = != < <= > >= ~"))
        << text;
  }
  EXPECT_THAT(error_of("precision>fp16"),
              HasSubstr("> compares numbers and byte sizes, and 'fp16' is neither"));
  EXPECT_THAT(error_of("peak<=2 GB"), HasSubstr("'2 GB' is neither; use = != or ~"));
}

}  // namespace
}  // namespace harness
