#include "model/stock_dropout.h"

#include <gtest/gtest.h>

namespace model {
namespace {

const StockDropout kDispatch(StockDropout::Path::kDispatch);
const StockDropout kFused(StockDropout::Path::kFused);

TEST(StockDropout, drops_about_p_and_scales_the_rest) {
  for (const StockDropout* dropout : {&kDispatch, &kFused}) {
    at::manual_seed(1);
    const at::Tensor output = dropout->apply(at::ones({100, 1000}), 0.25, {}, {});
    EXPECT_NEAR(output.eq(0).to(at::kFloat).mean().item<float>(), 0.25, 0.01);
    EXPECT_NEAR(output.max().item<float>(), 1 / 0.75, 1e-6);
  }
}

TEST(StockDropout, the_gradient_goes_through_what_was_kept) {
  for (const StockDropout* dropout : {&kDispatch, &kFused}) {
    const at::Tensor input = at::ones({50, 20}).requires_grad_(true);
    const at::Tensor output = dropout->apply(input, 0.5, {}, {});
    output.sum().backward();
    EXPECT_TRUE(at::equal(input.grad(), output.detach()));
  }
}

TEST(StockDropout, probability_zero_gives_the_input_itself) {
  const at::Tensor input = at::ones({2});
  EXPECT_TRUE(kDispatch.apply(input, 0, {}, {}).is_same(input));
}

}  // namespace
}  // namespace model
