#include <functional>

#include <gmock/gmock.h>

#include "tests/kernels/gemm/gemm_case.h"

namespace kernels {
namespace {

std::string error_of(const std::function<void(Gemm<float>&)>& spoil) {
  GemmCase<float> product({.m = 4, .n = 5, .k = 6});
  spoil(product.args());
  char workspace = 0;
  product.args().workspace = product.args().inner == 7 ? nullptr : &workspace;
  try {
    gemm(product.args());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(GemmContract, a_wrong_argument_is_named) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of([](auto& args) { args.k = -1; }), HasSubstr("k must not be negative"));
  EXPECT_THAT(error_of([](auto& args) { args.outer = -1; }), HasSubstr("outer"));
  EXPECT_THAT(error_of([](auto& args) { args.c = nullptr; }), HasSubstr("c is null"));
  EXPECT_THAT(error_of([](auto& args) { args.a.data = nullptr; }), HasSubstr("a is null"));
  EXPECT_THAT(error_of([](auto& args) { args.b.data = nullptr; }), HasSubstr("b is null"));
  EXPECT_THAT(error_of([](auto& args) { args.c_row_stride = 4; }), HasSubstr("c_row_stride"));
  EXPECT_THAT(error_of([](auto& args) { args.a.row_stride = 5; }), HasSubstr("a's row_stride"));
  EXPECT_THAT(error_of([](auto& args) { args.b.row_stride = 4; }), HasSubstr("b's row_stride"));
  EXPECT_THAT(error_of([](auto& args) { args.inner = 7; }), HasSubstr("workspace is null"));
}

TEST(GemmContract, a_transposed_operand_needs_the_length_of_its_own_rows) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of([](auto& args) {
                args.a.op = GemmOp::kTranspose;
                args.a.row_stride = 3;
              }),
              HasSubstr("a's row_stride"));
  EXPECT_THAT(error_of([](auto& args) {
                args.b.op = GemmOp::kTranspose;
                args.b.row_stride = 5;
              }),
              HasSubstr("b's row_stride"));
}

TEST(GemmContract, the_level_is_never_above_the_limit_or_the_machine) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    EXPECT_EQ(gemm_level(), level);
  }
  EXPECT_EQ(gemm_level(), best_gemm_level());
}

TEST(GemmContract, workspace_grows_with_threads_and_not_with_the_matrix) {
  Gemm<bfloat16> args = {.m = 1536, .n = 4096, .k = 1536};
  args.a.op = GemmOp::kTranspose;
  args.threads = 1;
  const int64_t one = gemm_workspace_bytes(args);
  args.threads = 2;
  EXPECT_LE(gemm_workspace_bytes(args), 2 * one);
  EXPECT_GT(gemm_workspace_bytes(args), one);
  args.n *= 16;
  args.k *= 16;
  EXPECT_LE(gemm_workspace_bytes(args), 8 * 1024 * 1024);
}

/// Counts how often the epilogue covers an element, and checks that its value is the last one.
struct Coverage {
  const Gemm<float>* args;
  std::vector<int> count;
  std::vector<float> values;

  static void add(void* context, const GemmBlock& block) {
    auto& self = *static_cast<Coverage*>(context);
    for (int64_t row = block.row; row < block.row + block.rows; ++row) {
      for (int64_t column = block.column; column < block.column + block.columns; ++column) {
        const int64_t index = block.outer * self.args->c_outer_stride +
                              block.inner * self.args->c_inner_stride +
                              row * self.args->c_row_stride + column;
        ++self.count[static_cast<size_t>(index)];
        self.values[static_cast<size_t>(index)] = self.args->c[index];
      }
    }
  }
};

void expect_covered_once(GemmSizes sizes) {
  GemmCase<float> product(sizes);
  Coverage coverage = {&product.args(), std::vector<int>(product.c().size()),
                       std::vector<float>(product.c().size())};
  product.args().epilogue = {&Coverage::add, &coverage};
  product.run();
  EXPECT_THAT(coverage.count, testing::Each(1));
  EXPECT_TRUE(std::equal(coverage.values.begin(), coverage.values.end(), product.c().begin()));
}

TEST(GemmContract, the_epilogue_sees_every_final_element_once) {
  expect_covered_once({.m = 403, .n = 530, .k = 700, .threads = 2});
  expect_covered_once({.m = 11, .n = 7, .k = 0, .beta = 2});
}

}  // namespace
}  // namespace kernels
