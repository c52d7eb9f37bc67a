#include "kernels/gemm/gemm.h"

#include "tests/kernels/gemm/gemm_case.h"

namespace kernels {
namespace {

template <class T>
class GemmTest : public testing::Test {};
using Types = testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(GemmTest, Types);

/// Runs every combination of ops at every level.
template <class T>
void expect_all_levels(GemmSizes sizes) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    for (sizes.a = GemmOp::kNone;; sizes.a = GemmOp::kTranspose) {
      for (sizes.b = GemmOp::kNone;; sizes.b = GemmOp::kTranspose) {
        GemmCase<T>(sizes).expect_as_reference();
        if (sizes.b == GemmOp::kTranspose) break;
      }
      if (sizes.a == GemmOp::kTranspose) break;
    }
  }
}

TYPED_TEST(GemmTest, any_small_size_is_as_the_reference) {
  for (const int64_t m : {1, 4, 5, 6, 7, 13, 33}) {
    for (const int64_t n : {1, 3, 8, 15, 16, 17, 33, 63, 64, 65, 130}) {
      for (const int64_t k : {1, 2, 3, 15, 16, 17, 33}) {
        expect_all_levels<TypeParam>({.m = m, .n = n, .k = k});
      }
    }
  }
}

TYPED_TEST(GemmTest, alpha_and_beta_scale_and_gaps_stay) {
  for (const float alpha : {1.0F, -0.5F}) {
    for (const float beta : {0.0F, 1.0F, 0.25F}) {
      for (const int64_t gap : {0, 1, 7}) {
        for (const int64_t n : {18, 64, 129}) {
          expect_all_levels<TypeParam>(
              {.m = 8, .n = n, .k = 21, .alpha = alpha, .beta = beta, .gap = gap});
        }
      }
    }
  }
}

TYPED_TEST(GemmTest, many_blocks_of_k_are_as_the_reference) {
  for (const int64_t k : {512, 513, 1025, 4097}) {
    for (const int64_t n : {20, 130}) {
      expect_all_levels<TypeParam>(
          {.m = 9, .n = n, .k = k, .alpha = 0.5F, .beta = -1.0F, .gap = 3});
    }
  }
}

TYPED_TEST(GemmTest, many_chunks_of_columns_and_rows_are_as_the_reference) {
  expect_all_levels<TypeParam>({.m = 205, .n = 777, .k = 530, .beta = 1.0F, .threads = 2});
  expect_all_levels<TypeParam>({.m = 1303, .n = 150, .k = 66, .threads = 2});
}

TYPED_TEST(GemmTest, rows_of_scratch_are_bounded_and_all_of_c_is_written) {
  GemmCase<TypeParam>({.m = 1100, .n = 140, .k = 1300, .a = GemmOp::kTranspose, .beta = 0.5F})
      .expect_as_reference();
}

TYPED_TEST(GemmTest, beta_zero_overwrites_nan) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    for (const int64_t k : {0, 5, 1200}) {
      GemmCase<TypeParam> product({.m = 7, .n = 70, .k = k, .a = GemmOp::kTranspose});
      for (TypeParam& value : product.c()) assign(value, std::nan(""));
      product.expect_as_reference();
    }
  }
}

TYPED_TEST(GemmTest, nothing_to_add_scales_c_and_reads_no_operand) {
  GemmCase<TypeParam> no_alpha({.m = 7, .n = 9, .k = 5, .alpha = 0, .beta = 0.5F, .gap = 2});
  for (TypeParam& value : no_alpha.a()) assign(value, std::nan(""));
  no_alpha.expect_as_reference();
  GemmCase<TypeParam>({.m = 7, .n = 9, .k = 0, .beta = 2}).expect_as_reference();
}

TYPED_TEST(GemmTest, empty_products_need_no_memory) {
  for (const auto& [m, n] : {std::pair{0, 5}, std::pair{5, 0}, std::pair{0, 0}}) {
    Gemm<TypeParam> args;
    args.m = m;
    args.n = n;
    args.k = 3;
    EXPECT_EQ(gemm_workspace_bytes(args), 0);
    gemm(args);
  }
}

TYPED_TEST(GemmTest, nan_and_infinity_come_through) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    GemmCase<TypeParam> product({.m = 3, .n = 5, .k = 4});
    assign(product.a()[0], std::nan(""));
    assign(product.a()[4], std::numeric_limits<double>::infinity());
    product.run();
    for (size_t column = 0; column < 5; ++column) {
      EXPECT_TRUE(std::isnan(to_float(product.c()[column])));
      EXPECT_TRUE(std::isinf(to_float(product.c()[5 + column])));
      EXPECT_TRUE(std::isfinite(to_float(product.c()[10 + column])));
    }
  }
}

TYPED_TEST(GemmTest, bits_do_not_depend_on_the_number_of_threads) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    for (const GemmOp op : kOps) {
      GemmSizes sizes = {.m = 900, .n = 200, .k = 1100, .a = op, .beta = 0.5F};
      GemmCase<TypeParam> one(sizes);
      one.run();
      for (sizes.threads = 2; sizes.threads <= 5; ++sizes.threads) {
        GemmCase<TypeParam> many(sizes);
        many.run();
        EXPECT_EQ(std::memcmp(one.c().data(), many.c().data(), one.c().size_bytes()), 0)
            << many.name() << " threads " << sizes.threads;
      }
    }
  }
}

TEST(Gemm, bfloat16_is_rounded_once) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    // 1 + 5000 * 2^-13 needs the float sum: every addend alone vanishes in a bfloat16.
    GemmCase<bfloat16> product({.m = 7, .n = 130, .k = 5001, .a = GemmOp::kTranspose});
    for (size_t i = 0; i < product.a().size(); ++i) {
      assign(product.a()[i], i < 7 ? 1 : std::ldexp(1.0, -13));
    }
    std::vector<bfloat16> ones(5001 * 130, to_bfloat16(1));
    product.args().b.data = ones.data();
    product.run();
    const float expected = to_float(to_bfloat16(1.0F + 5000.0F / 8192.0F));
    for (const bfloat16 value : product.c()) EXPECT_EQ(to_float(value), expected);
  }
}

}  // namespace
}  // namespace kernels
