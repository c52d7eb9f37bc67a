#include <gtest/gtest.h>
#include <omp.h>

#include "tests/kernels/layer/layer_case.h"

namespace kernels::testing {
namespace {

/// One thread, so that "any order" is an order: the threads' own one, row by row, where the ordered
/// sums go block by block.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_;
};

LayerResult gradients(bool stochastic) {
  LayerCase layer_case{.shape = {3, 130, 144, 3, 520}};
  layer_case.flags.stochastic_mode = stochastic;
  return run_fused(layer_case, make_inputs(layer_case));
}

/// The column sums are bias and LayerNorm gradients. Over hundreds of rows another order of
/// additions cannot give the same bits everywhere.
TEST(StochasticMode, takes_another_order_in_every_column_sum_and_nowhere_else) {
  const OneThread one_thread;
  const auto ordered = gradients(false);
  const auto any_order = gradients(true);
  EXPECT_TRUE(at::equal(ordered.output, any_order.output));
  int column_sums = 0;
  for (const auto& [name, gradient] : ordered.gradients) {
    const bool is_column_sum =
        name.ends_with(".bias") || name.find("LayerNorm") != std::string::npos;
    column_sums += is_column_sum;
    EXPECT_EQ(at::equal(gradient, any_order.gradients.at(name)), !is_column_sum) << name;
  }
  EXPECT_EQ(column_sums, 10);  // six dense layers' biases, weight and bias of two LayerNorms
  expect_close(any_order, ordered, 1e-5);
}

}  // namespace
}  // namespace kernels::testing
