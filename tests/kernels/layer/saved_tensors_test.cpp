#include "kernels/layer/saved_tensors.h"

#include <set>

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "kernels/layer/fused_encoder_function.h"
#include "kernels/layer/keyed_dropout.h"
#include "tests/kernels/layer/layer_case.h"

namespace kernels::testing {
namespace {

using model::LayerNormPlacement;

constexpr LayerShape kShape = {2, 33, 48, 3, 63};

/// Bytes of distinct storages, without the one of `shared`.
int64_t storage_bytes(const std::vector<at::Tensor>& tensors, const at::Tensor& shared) {
  std::set<const void*> seen = {shared.storage().unsafeGetStorageImpl()};
  int64_t bytes = 0;
  for (const at::Tensor& tensor : tensors) {
    if (!seen.insert(tensor.storage().unsafeGetStorageImpl()).second) continue;
    bytes += static_cast<int64_t>(tensor.storage().nbytes());
  }
  return bytes;
}

/// The formula of saved_tensors.h.
int64_t formula(const LayerCase& layer_case, int64_t element) {
  const LayerShape& s = layer_case.shape;
  const int64_t rows = s.batch * s.sequence;
  const bool one_copy = layer_case.flags.attn_dropout_checkpoint || layer_case.dropout == 0;
  const int64_t attention =
      layer_case.flags.flash_attention
          ? 4 * s.heads * rows
          : element * s.heads * s.batch * s.sequence * s.sequence * (one_copy ? 1 : 2);
  return element * rows * s.hidden * (layer_case.flags.normalize_invertible ? 6 : 8) +
         element * rows * s.intermediate * (layer_case.flags.gelu_checkpoint ? 1 : 2) + attention +
         16 * rows;
}

struct Forward {
  std::unique_ptr<model::EncoderLayer> layer;
  at::Tensor hidden;
  at::Tensor output;
};

Forward run_forward(const LayerCase& layer_case, at::Device device) {
  LayerInputs inputs = make_inputs(layer_case);
  Forward forward;
  forward.layer = make_fused(layer_case, device);
  if (device.is_cpu()) load(*forward.layer, inputs);
  forward.hidden = inputs.hidden.to(device).requires_grad_(true);
  KeyedDropout dropout;
  forward.output = forward.layer->forward(forward.hidden, inputs.layout, dropout, true);
  return forward;
}

class SavedTensorsOf : public ::testing::TestWithParam<
                           std::tuple<LayerNormPlacement, at::ScalarType, double, at::DeviceType>> {
};

TEST_P(SavedTensorsOf, every_flag_set_hold_the_bytes_of_the_formula) {
  const auto [placement, dtype, dropout, device] = GetParam();
  LayerCase layer_case;
  layer_case.shape = kShape;
  layer_case.placement = placement;
  layer_case.dropout = dropout;
  layer_case.dtype = dtype;
  layer_case.unit_norms = true;
  for (const model::LayerFlags& flags : memory_flag_sets()) {
    layer_case.flags = flags;
    SCOPED_TRACE(layer_case.describe());
    const Forward forward = run_forward(layer_case, device);
    // Post-LN with normalize_invertible reads the output, which is the next layer's input.
    EXPECT_EQ(storage_bytes(saved_for_backward(forward.output), forward.output),
              formula(layer_case, static_cast<int64_t>(c10::elementSize(dtype))));
  }
}

INSTANTIATE_TEST_SUITE_P(
    all, SavedTensorsOf,
    ::testing::Combine(::testing::Values(LayerNormPlacement::kPost, LayerNormPlacement::kPre),
                       ::testing::Values(at::kFloat, at::kBFloat16), ::testing::Values(0.0, 0.1),
                       ::testing::Values(at::kCPU, at::kMeta)));

/// BERT-large: 20 bytes and statistics.
TEST(SavedTensors, flash_attention_and_two_flags_hold_22_bytes_at_most_a_hidden_value_in_bf16) {
  LayerCase layer_case;
  layer_case.dropout = 0.1;
  layer_case.dtype = at::kBFloat16;
  layer_case.unit_norms = true;
  layer_case.flags.flash_attention = true;
  layer_case.flags.normalize_invertible = true;
  layer_case.flags.gelu_checkpoint = true;
  for (const int64_t sequence : {384, 1024}) {
    layer_case.shape = {2, sequence, 1024, 16, 4096};
    const Forward forward = run_forward(layer_case, at::kMeta);
    const int64_t values = 2 * sequence * 1024;
    const int64_t bytes = storage_bytes(saved_for_backward(forward.output), forward.output);
    EXPECT_GE(bytes, 20 * values);
    EXPECT_LE(bytes, 22 * values);
    EXPECT_EQ(bytes, formula(layer_case, 2));
  }
}

TEST(SavedTensors, packed_hold_the_squares_of_their_own_lengths) {
  LayerCase layer_case;
  layer_case.shape = {3, 33, 48, 3, 63};
  layer_case.lengths = {33, 5, 1};
  layer_case.unit_norms = true;
  const LayerInputs inputs = packed(make_inputs(layer_case));
  const auto layer = make_fused(layer_case, at::kMeta);
  const at::Tensor hidden = inputs.hidden.to(at::kMeta).requires_grad_(true);
  const KeyedDropout dropout;
  const at::Tensor output = layer->forward(hidden, inputs.layout, dropout, true);
  const int64_t rows = 33 + 5 + 1;
  EXPECT_EQ(storage_bytes(saved_for_backward(output), output),
            4 * (8 * rows * 48 + 2 * rows * 63 + 3 * (33 * 33 + 5 * 5 + 1)) + 16 * rows);
}

TEST(SavedTensors, half_is_planned_on_meta) {
  LayerCase layer_case;
  layer_case.shape = kShape;
  layer_case.dropout = 0.1;
  layer_case.dtype = at::kHalf;
  const Forward forward = run_forward(layer_case, at::kMeta);
  EXPECT_EQ(storage_bytes(saved_for_backward(forward.output), forward.output),
            formula(layer_case, 2));
  forward.output.backward(at::empty_like(forward.output));
  EXPECT_EQ(forward.hidden.grad().sizes(), forward.hidden.sizes());
}

TEST(SavedTensors, columns_that_cannot_be_inverted_are_kept_and_cost_their_bytes) {
  LayerCase layer_case;
  layer_case.shape = kShape;
  layer_case.flags.normalize_invertible = true;
  layer_case.small_gamma = true;
  const Forward forward = run_forward(layer_case, at::kCPU);
  const int64_t extra =
      storage_bytes(saved_for_backward(forward.output), forward.output) - formula(layer_case, 4);
  const int64_t column = 4 * (kShape.batch * kShape.sequence + 1);
  EXPECT_EQ(extra % column, 0);
  EXPECT_GE(extra / column, 2 * (kShape.hidden + 4) / 5);
}

TEST(SavedTensors, backward_consumes_them_unless_the_graph_is_retained) {
  LayerCase layer_case;
  layer_case.shape = kShape;
  layer_case.dropout = 0.1;
  const Forward forward = run_forward(layer_case, at::kCPU);
  const at::Tensor gradient = at::randn_like(forward.output);
  forward.output.backward(gradient, true);
  const at::Tensor first = forward.hidden.grad().clone();
  EXPECT_FALSE(saved_for_backward(forward.output).empty());
  forward.hidden.mutable_grad().reset();
  forward.output.backward(gradient);
  EXPECT_TRUE(forward.hidden.grad().equal(first));
  EXPECT_THROW(forward.output.backward(gradient), c10::Error);
}

TEST(SavedTensors, nothing_is_saved_without_gradients) {
  LayerCase layer_case;
  layer_case.shape = kShape;
  const at::AutoGradMode no_grad(false);
  EXPECT_TRUE(saved_for_backward(run_forward(layer_case, at::kCPU).output).empty());
}

}  // namespace
}  // namespace kernels::testing
