#include "worker/trace/operator_cost.h"

#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace worker {
namespace {

using Values = std::vector<c10::IValue>;

c10::ArrayRef<const c10::IValue> some(const Values& values, size_t first, size_t count) {
  return c10::ArrayRef<const c10::IValue>(values.data() + first, count);
}
c10::ArrayRef<const c10::IValue> all(const Values& values) {
  return some(values, 0, values.size());
}

int64_t flops(const char* name, const Values& inputs) {
  return product_flops(name, all(inputs));
}
int64_t read(const char* name, const Values& inputs) {
  return bytes_read(name, all(inputs));
}
int64_t written(const char* name, const Values& outputs) {
  return bytes_written(name, all(outputs));
}

TEST(OperatorCost, products_are_two_flops_for_each_multiplication) {
  EXPECT_EQ(flops("aten::mm", {at::ones({3, 4}), at::ones({4, 5})}), 2 * 3 * 4 * 5);
  EXPECT_EQ(flops("aten::addmm", {at::ones({5}), at::ones({3, 4}), at::ones({4, 5}), 1, 1}),
            2 * 3 * 4 * 5);
  EXPECT_EQ(flops("aten::bmm", {at::ones({7, 3, 4}), at::ones({7, 4, 5})}), 7 * 2 * 3 * 4 * 5);
  EXPECT_EQ(flops("aten::baddbmm", {at::ones({1}), at::ones({7, 3, 4}), at::ones({7, 4, 5})}),
            7 * 2 * 3 * 4 * 5);
  EXPECT_EQ(flops("aten::mv", {at::ones({3, 4}), at::ones({4})}), 2 * 3 * 4);
  EXPECT_EQ(flops("aten::mul", {at::ones({3, 4}), at::ones({3, 4})}), 0);
}

TEST(OperatorCost, attention_makes_two_products_forward_and_four_backward) {
  const at::Tensor query = at::ones({2, 3, 8, 16});
  const at::Tensor key = at::ones({2, 3, 10, 16});
  const int64_t product = 2 * (2 * 3 * 8 * 10 * 16);
  for (const std::string form :
       {"flash_attention_for_cpu", "flash_attention", "efficient_attention", "cudnn_attention"}) {
    const std::string name = "aten::_scaled_dot_product_" + form;
    EXPECT_EQ(flops(name.c_str(), {query, key, key, 0.0}), 2 * product) << name;
    EXPECT_EQ(flops((name + "_backward").c_str(), {query, query, key, key, query, query, 0.0}),
              4 * product)
        << name;
  }
}

TEST(OperatorCost, a_tensor_is_read_once_and_broadcast_dimensions_once) {
  const at::Tensor a = at::ones({3, 4});
  const at::Tensor b = at::ones({3, 4}, at::kBFloat16);
  EXPECT_EQ(read("aten::add", {a, b, 1}), 48 + 24);
  EXPECT_EQ(read("aten::mul", {a, a}), 48);
  EXPECT_EQ(read("aten::add", {a, at::ones({1, 4}).expand({3, 4})}), 48 + 16);
  EXPECT_EQ(read("aten::add", {a, a.narrow(0, 1, 1)}), 48 + 16);
  EXPECT_EQ(read("aten::stack", {c10::List<at::Tensor>({a, b})}), 48 + 24);
  EXPECT_EQ(read("aten::add", {a, at::Tensor()}), 48);
  EXPECT_EQ(written("aten::add", {a}), 48);
}

TEST(OperatorCost, a_gather_reads_what_it_takes_out_and_no_more) {
  const at::Tensor table = at::ones({1000, 4});
  const at::Tensor indices = at::zeros({3}, at::kLong);
  EXPECT_EQ(read("aten::embedding", {table, indices}), 24);
  EXPECT_EQ(written("aten::embedding", {at::ones({3, 4})}), 2 * 48);
}

TEST(OperatorCost, what_is_overwritten_is_not_read) {
  const at::Tensor a = at::ones({3, 4});
  EXPECT_EQ(read("aten::fill_", {a, 0}), 0);
  EXPECT_EQ(read("aten::copy_", {a, at::ones({3, 4}, at::kBFloat16)}), 24);
  EXPECT_EQ(read("aten::mul_", {a, 2}), 48);
}

TEST(OperatorCost, precision_is_that_of_the_first_floating_tensor) {
  const Values mixed = {at::zeros({2}, at::kLong), at::ones({2}, at::kBFloat16), at::ones({2})};
  EXPECT_EQ(precision_of(all(mixed)), "bf16");
  EXPECT_EQ(precision_of(some(mixed, 2, 1)), "fp32");
  EXPECT_EQ(precision_of(some(mixed, 0, 1)), "");
  EXPECT_EQ(shapes_of(all(mixed)), "[2] [2] [2]");
}

}  // namespace
}  // namespace worker
