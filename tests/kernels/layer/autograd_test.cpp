#include <functional>

#include <c10/core/GradMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "kernels/layer/fused_encoder_layer.h"
#include "kernels/layer/keyed_dropout.h"
#include "tests/kernels/layer/layer_case.h"

namespace kernels::testing {
namespace {

LayerCase dropout_case() {
  LayerCase layer_case;
  layer_case.shape = {3, 17, 48, 3, 63};
  layer_case.dropout = 0.1;
  return layer_case;
}

struct Problem {
  explicit Problem(const LayerCase& layer_case)
      : inputs(make_inputs(layer_case)), layer(make_fused(layer_case)) {
    load(*layer, inputs);
    dropout.begin_step(kSeed, kStep);
  }
  at::Tensor forward(const at::Tensor& hidden, bool training = true) const {
    return layer->forward(hidden, inputs.layout, dropout, training);
  }

  LayerInputs inputs;
  std::unique_ptr<model::EncoderLayer> layer;
  KeyedDropout dropout;
};

void expect_error(const std::function<void()>& action, const std::string& part) {
  try {
    action();
    ADD_FAILURE() << "no error that says: " << part;
  } catch (const c10::Error& error) {
    EXPECT_THAT(error.what_without_backtrace(), ::testing::HasSubstr(part));
  }
}

class Placements : public ::testing::TestWithParam<model::LayerNormPlacement> {
 protected:
  static LayerCase make_case() {
    LayerCase layer_case = dropout_case();
    layer_case.placement = GetParam();
    return layer_case;
  }
};

INSTANTIATE_TEST_SUITE_P(all, Placements,
                         ::testing::Values(model::LayerNormPlacement::kPost,
                                           model::LayerNormPlacement::kPre));

TEST_P(Placements, input_without_gradient_gives_the_same_weight_gradients) {
  const LayerCase layer_case = make_case();
  const LayerInputs inputs = make_inputs(layer_case);
  const LayerResult expected = run_fused(layer_case, inputs);
  const Problem problem(layer_case);
  problem.forward(inputs.hidden).backward(inputs.d_output);
  EXPECT_FALSE(inputs.hidden.grad().defined());
  for (const model::WeightView& view : problem.layer->weights()) {
    EXPECT_TRUE(view.gradient().equal(expected.gradients.at(view.name))) << view.name;
  }
}

TEST_P(Placements, strided_inputs_and_gradients_give_the_same_bits) {
  const LayerCase layer_case = make_case();
  LayerInputs inputs = make_inputs(layer_case);
  const LayerResult expected = run_fused(layer_case, inputs);
  const auto strided = [](const at::Tensor& tensor) {
    return tensor.transpose(0, 1).contiguous().transpose(0, 1);
  };
  inputs.hidden = strided(inputs.hidden);
  inputs.d_output = strided(inputs.d_output);
  ASSERT_FALSE(inputs.hidden.is_contiguous());
  expect_same_bits(run_fused(layer_case, inputs), expected);
}

TEST_P(Placements, gradient_that_somebody_else_holds_stays_as_it_is) {
  const Problem problem(make_case());
  const at::Tensor hidden = problem.inputs.hidden.clone().requires_grad_(true);
  const at::Tensor gradient = problem.inputs.d_output.clone();
  problem.forward(hidden).backward(gradient);
  EXPECT_TRUE(gradient.equal(problem.inputs.d_output));
}

TEST_P(Placements, evaluation_equals_training_without_dropout_and_saves_nothing) {
  LayerCase layer_case = make_case();
  const Problem problem(layer_case);
  at::Tensor evaluated;
  {
    const at::AutoGradMode no_grad(false);
    evaluated = problem.forward(problem.inputs.hidden, false);
  }
  layer_case.dropout = 0;
  const Problem plain(layer_case);
  EXPECT_TRUE(evaluated.equal(plain.forward(problem.inputs.hidden)));
  EXPECT_FALSE(evaluated.requires_grad());
}

TEST_P(Placements, dropout_acts_without_gradients_too) {
  const Problem problem(make_case());
  const at::Tensor with = problem.forward(problem.inputs.hidden);
  const at::AutoGradMode no_grad(false);
  EXPECT_TRUE(problem.forward(problem.inputs.hidden).equal(with));
}

TEST(FusedEncoderFunction, second_derivative_is_a_clear_error) {
  const Problem problem(dropout_case());
  const at::Tensor hidden = problem.inputs.hidden.clone().requires_grad_(true);
  const at::Tensor output = problem.forward(hidden);
  expect_error(
      [&] {
        torch::autograd::grad({output}, {hidden}, {problem.inputs.d_output}, std::nullopt, true);
      },
      "no second derivative");
}

TEST(FusedEncoderFunction, output_modified_in_place_is_an_error_under_normalize_invertible) {
  LayerCase layer_case = dropout_case();
  layer_case.flags.normalize_invertible = true;
  const Problem problem(layer_case);
  at::Tensor output = problem.forward(problem.inputs.hidden);
  const at::Tensor sum = output.mul_(2).sum();
  expect_error([&] { sum.backward(); }, "modified in place");
}

TEST(FusedEncoderFunction, weight_modified_in_place_is_an_error) {
  const Problem problem(dropout_case());
  const at::Tensor output = problem.forward(problem.inputs.hidden);
  {
    const at::AutoGradMode no_grad(false);
    at::Tensor weight = problem.layer->parameters()[0].tensor;
    weight.mul_(2);
  }
  expect_error([&] { output.sum().backward(); }, "modified by an inplace operation");
}

TEST(FusedEncoderLayer, refuses_what_does_not_fit) {
  const Problem problem(dropout_case());
  const auto& inputs = problem.inputs;
  const auto forward_with = [&](const at::Tensor& hidden, const model::SequenceLayout& layout) {
    return [&problem, hidden, layout] {
      problem.layer->forward(hidden, layout, problem.dropout, true);
    };
  };
  expect_error(forward_with(inputs.hidden.narrow(1, 0, 5), inputs.layout), "hidden states");
  expect_error(forward_with(inputs.hidden.to(at::kDouble), inputs.layout), "Double");
  model::SequenceLayout layout = inputs.layout;
  layout.lengths[1] = 18;
  expect_error(forward_with(inputs.hidden, layout), "length 18 is not in [0, 17]");
  layout.lengths.pop_back();
  expect_error(forward_with(inputs.hidden, layout), "2 lengths for a batch of 3");
  layout.offsets.pop_back();
  expect_error(forward_with(inputs.hidden, layout), "3 offsets for a batch of 3");
}

TEST(FusedEncoderLayer, refuses_dtypes_and_configs_that_it_cannot_run) {
  LayerCase layer_case = dropout_case();
  layer_case.dtype = at::kHalf;
  EXPECT_THROW(make_fused(layer_case), c10::NotImplementedError);
  EXPECT_NO_THROW(make_fused(layer_case, at::kMeta));
  layer_case.dtype = at::kDouble;
  expect_error([&] { make_fused(layer_case); }, "float and bfloat16");
  EXPECT_THROW(make_fused(layer_case, at::kMeta), c10::NotImplementedError);
  layer_case.dtype = at::kFloat;
  layer_case.shape.heads = 5;
  expect_error([&] { make_fused(layer_case); }, "not a multiple");
}

}  // namespace
}  // namespace kernels::testing
