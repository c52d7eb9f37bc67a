#include "kernels/layer/gemm.h"

#include <vector>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace kernels {
namespace {

class Gemm : public ::testing::TestWithParam<at::ScalarType> {
 protected:
  static at::Tensor random(at::IntArrayRef sizes) { return at::randn(sizes).to(GetParam()); }
  static at::Tensor nan(at::IntArrayRef sizes) {
    return at::full(sizes, std::numeric_limits<double>::quiet_NaN(), GetParam());
  }
  static void expect_close(const at::Tensor& actual, const at::Tensor& expected) {
    const double tolerance = GetParam() == at::kFloat ? 1e-6 : 5e-3;
    const double error = (actual.to(at::kDouble) - expected).norm().item<double>();
    EXPECT_LE(error, tolerance * expected.norm().item<double>());
  }
};

at::Tensor wide(const at::Tensor& tensor) {
  return tensor.to(at::kDouble);
}

TEST_P(Gemm, products_overwrite_whatever_the_output_held) {
  const at::Tensor a = random({17, 33});
  const at::Tensor b = random({33, 9});
  const at::Tensor out = nan({17, 9});
  const at::Tensor expected = wide(a).matmul(wide(b));
  gemm_nn(out, a, b);
  expect_close(out, expected);
  gemm_nt(out.fill_(NAN), a, b.t().contiguous());
  expect_close(out, expected);
  gemm_tn(out.fill_(NAN), a.t().contiguous(), b);
  expect_close(out, expected);
}

TEST_P(Gemm, accumulation_adds_to_what_the_output_held) {
  const at::Tensor a = random({17, 33});
  const at::Tensor b = random({33, 9});
  const at::Tensor out = random({17, 9});
  const at::Tensor expected = wide(out) + wide(a).matmul(wide(b));
  gemm_nn(out, a, b, GemmOutput::kAccumulate);
  expect_close(out, expected);
}

TEST_P(Gemm, batched_products_multiply_each_pair) {
  const at::Tensor a = random({5, 17, 33});
  const at::Tensor b = random({5, 33, 9});
  const at::Tensor out = nan({5, 17, 9});
  const at::Tensor expected = wide(a).matmul(wide(b));
  batched_gemm_nn(out, a, b);
  expect_close(out, expected);
  batched_gemm_nt(out.fill_(NAN), a, b.transpose(1, 2).contiguous());
  expect_close(out, expected);
  batched_gemm_tn(out.fill_(NAN), a.transpose(1, 2).contiguous(), b);
  expect_close(out, expected);
}

TEST_P(Gemm, bits_do_not_depend_on_the_number_of_threads) {
  const at::Tensor a = random({1100, 300});
  const at::Tensor b = random({1100, 700});
  const at::Tensor heads = random({6, 200, 120});
  const int threads = at::get_num_threads();
  const auto products = [&](int count) {
    at::set_num_threads(count);
    const std::vector<at::Tensor> out = {nan({300, 700}), nan({1100, 700}), nan({6, 200, 200})};
    gemm_tn(out[0], a, b);
    gemm_nn(out[1], a, out[0]);
    batched_gemm_nt(out[2], heads, heads);
    at::set_num_threads(threads);
    return out;
  };
  const auto expected = products(1);
  for (const int count : {2, 3, 7}) {
    const auto actual = products(count);
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(actual[i].equal(expected[i])) << i;
  }
}

TEST_P(Gemm, meta_tensors_are_left_alone) {
  const auto options = at::TensorOptions().dtype(GetParam()).device(at::kMeta);
  const at::Tensor matrix = at::empty({4, 4}, options);
  EXPECT_NO_THROW(gemm_nn(matrix, matrix, matrix, GemmOutput::kAccumulate));
  EXPECT_NO_THROW(gemm_nt(matrix, matrix, matrix));
}

INSTANTIATE_TEST_SUITE_P(all, Gemm, ::testing::Values(at::kFloat, at::kBFloat16));

}  // namespace
}  // namespace kernels
