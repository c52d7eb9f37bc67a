// The whole fused layer by its CUDA forms against plain LibTorch in double on the CPU.

#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "kernels/layer/fused_encoder_layer.h"
#include "kernels/layer/keyed_dropout.h"
#include "tests/kernels/layer/layer_case.h"
#include "tests/kernels/support/cuda_program.h"

namespace kernels::testing {
namespace {

using model::Gelu;
using model::LayerNormPlacement;

double tolerance(const LayerCase& layer_case) {
  const double factor = layer_case.flags.normalize_invertible ? 2 : 1;
  switch (layer_case.dtype) {
    case at::kFloat:
      return layer_case.flags.normalize_invertible ? 5e-5 : 5e-6;
    case at::kHalf:
      return factor * 4e-3;
    default:
      return factor * 2.5e-2;
  }
}

LayerResult run_cuda(const LayerCase& layer_case, const LayerInputs& inputs, uint64_t seed = 1) {
  kernels_ran();
  seed_schedule(seed);
  LayerResult result = run_fused(layer_case, inputs, cuda_device());
  EXPECT_TRUE(kernels_ran());
  return result;
}

/// What packs of 16 bytes and tiles of tensor cores reach, and what neither does.
std::vector<LayerShape> shapes() {
  return {{3, 37, 64, 2, 136}, {2, 19, 72, 3, 129}, {1, 1, 24, 1, 33}};
}

using Variant = std::tuple<LayerNormPlacement, at::ScalarType, Gelu, double>;

class CudaLayer : public ::testing::TestWithParam<Variant> {
 protected:
  LayerCase make_case(const LayerShape& shape) const {
    const auto [placement, dtype, gelu, dropout] = GetParam();
    LayerCase layer_case;
    layer_case.shape = shape;
    layer_case.placement = placement;
    layer_case.gelu = gelu;
    layer_case.dropout = dropout;
    layer_case.dtype = dtype;
    return layer_case;
  }
};

TEST_P(CudaLayer, agrees_with_eager_in_double_for_every_memory_flag_set) {
  for (const LayerShape& shape : shapes()) {
    LayerCase layer_case = make_case(shape);
    const LayerInputs inputs = make_inputs(layer_case);
    const LayerResult expected = run_reference(layer_case, inputs);
    for (const model::LayerFlags& flags : memory_flag_sets()) {
      layer_case.flags = flags;
      SCOPED_TRACE(layer_case.describe());
      expect_close(run_cuda(layer_case, inputs), expected, tolerance(layer_case));
    }
  }
}

TEST_P(CudaLayer, without_padding_agrees_with_padded_eager_in_double) {
  LayerCase layer_case = make_case({5, 37, 64, 2, 136});
  layer_case.lengths = {0, 5, 5, 37, 20};
  const LayerInputs inputs = without_padding_gradient(make_inputs(layer_case));
  LayerResult expected = run_reference(layer_case, inputs);
  expected.output = tokens(expected.output, inputs.layout);
  expected.gradients["hidden"] = tokens(expected.gradients.at("hidden"), inputs.layout);
  for (const model::LayerFlags& flags : memory_flag_sets()) {
    layer_case.flags = flags;
    SCOPED_TRACE(layer_case.describe());
    expect_close(run_cuda(layer_case, packed(inputs)), expected, tolerance(layer_case));
  }
}

TEST_P(CudaLayer, recomputing_flags_and_other_schedules_give_the_same_bits) {
  LayerCase layer_case = make_case({3, 37, 64, 2, 136});
  const LayerInputs inputs = make_inputs(layer_case);
  // normalize_invertible and flash_attention compute another way, all others the same.
  std::map<std::pair<bool, bool>, LayerResult> expected;
  uint64_t seed = 0;
  for (const model::LayerFlags& flags : memory_flag_sets()) {
    layer_case.flags = flags;
    SCOPED_TRACE(layer_case.describe());
    const LayerResult result = run_cuda(layer_case, inputs, ++seed);
    const auto [first, is_new] =
        expected.emplace(std::pair(flags.normalize_invertible, flags.flash_attention), result);
    if (!is_new) expect_same_bits(result, first->second);
  }
}

TEST_P(CudaLayer, inverts_norms_whose_weights_are_zero_or_next_to_it) {
  LayerCase layer_case = make_case({3, 37, 64, 2, 136});
  layer_case.small_gamma = true;
  layer_case.flags.normalize_invertible = true;
  const LayerInputs inputs = make_inputs(layer_case);
  expect_close(run_cuda(layer_case, inputs), run_reference(layer_case, inputs),
               tolerance(layer_case));
}

TEST_P(CudaLayer, stochastic_mode_stays_within_the_tolerance) {
  LayerCase layer_case = make_case({3, 37, 64, 2, 136});
  layer_case.flags.stochastic_mode = true;
  const LayerInputs inputs = make_inputs(layer_case);
  expect_close(run_cuda(layer_case, inputs), run_reference(layer_case, inputs),
               tolerance(layer_case));
}

std::string variant_name(const ::testing::TestParamInfo<Variant>& info) {
  const auto [placement, dtype, gelu, dropout] = info.param;
  return std::string(placement == LayerNormPlacement::kPost ? "post_" : "pre_") +
         at::toString(dtype) + (gelu == Gelu::kErf ? "_erf" : "_tanh") +
         (dropout > 0 ? "_dropout" : "_no_dropout");
}

INSTANTIATE_TEST_SUITE_P(all, CudaLayer,
                         ::testing::Combine(::testing::Values(LayerNormPlacement::kPost,
                                                              LayerNormPlacement::kPre),
                                            ::testing::Values(at::kFloat, at::kHalf, at::kBFloat16),
                                            ::testing::Values(Gelu::kErf), ::testing::Values(0.2)),
                         variant_name);
INSTANTIATE_TEST_SUITE_P(tanh_without_dropout, CudaLayer,
                         ::testing::Values(Variant(LayerNormPlacement::kPost, at::kHalf,
                                                   Gelu::kTanh, 0.0)),
                         variant_name);

TEST(CudaLayerContract, a_layout_whose_rows_are_not_on_the_device_is_refused) {
  LayerCase layer_case;
  layer_case.shape = {2, 5, 24, 1, 33};
  LayerInputs inputs = make_inputs(layer_case);
  const auto layer = make_fused(layer_case, cuda_device());
  load(*layer, inputs);
  EXPECT_THROW(layer->forward(inputs.hidden.to(cuda_device()), inputs.layout, KeyedDropout(), true),
               c10::Error);
}

}  // namespace
}  // namespace kernels::testing
