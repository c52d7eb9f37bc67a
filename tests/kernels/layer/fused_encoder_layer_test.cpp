#include "kernels/layer/fused_encoder_layer.h"

#include <map>
#include <utility>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "kernels/layer/fused_encoder_function.h"
#include "kernels/layer/keyed_dropout.h"
#include "model/checkpointed_layer.h"
#include "tests/kernels/layer/layer_case.h"

namespace kernels::testing {
namespace {

using model::Gelu;
using model::LayerNormPlacement;

constexpr LayerShape kShape = {3, 37, 72, 3, 129};

double tolerance(at::ScalarType dtype) {
  return dtype == at::kFloat ? 5e-6 : 2.5e-2;
}

/// normalize_invertible reads x_hat from a rounded output: error of the dtype times the limit on
/// columns that are inverted.
double invertible_tolerance(at::ScalarType dtype) {
  return dtype == at::kFloat ? 5e-5 : 5e-2;
}

using Variant = std::tuple<LayerNormPlacement, at::ScalarType, Gelu, double>;

class FusedEncoderLayerVariant : public ::testing::TestWithParam<Variant> {
 protected:
  LayerCase make_case(const LayerShape& shape) const {
    const auto [placement, dtype, gelu, dropout] = GetParam();
    return {.shape = shape,
            .placement = placement,
            .gelu = gelu,
            .dropout = dropout,
            .dtype = dtype,
            .flags = {},
            .small_gamma = false};
  }
};

TEST_P(FusedEncoderLayerVariant, agrees_with_eager_in_double_for_every_memory_flag_set) {
  const NanFilledMemory nan_filled;
  for (const LayerShape& shape : awkward_shapes()) {
    LayerCase layer_case = make_case(shape);
    const LayerInputs inputs = make_inputs(layer_case);
    const LayerResult expected = run_reference(layer_case, inputs);
    for (const model::LayerFlags& flags : memory_flag_sets()) {
      layer_case.flags = flags;
      SCOPED_TRACE(layer_case.describe());
      expect_close(run_fused(layer_case, inputs), expected,
                   flags.normalize_invertible ? invertible_tolerance(layer_case.dtype)
                                              : tolerance(layer_case.dtype));
    }
  }
}

TEST_P(FusedEncoderLayerVariant, recomputing_flags_give_the_same_bits_as_no_flags) {
  for (const LayerShape& shape : awkward_shapes()) {
    LayerCase layer_case = make_case(shape);
    const LayerInputs inputs = make_inputs(layer_case);
    // normalize_invertible and flash_attention compute another way, all others the same.
    std::map<std::pair<bool, bool>, LayerResult> expected;
    for (const model::LayerFlags& flags : memory_flag_sets()) {
      layer_case.flags = flags;
      SCOPED_TRACE(layer_case.describe());
      const LayerResult result = run_fused(layer_case, inputs);
      const auto [first, is_new] =
          expected.emplace(std::pair(flags.normalize_invertible, flags.flash_attention), result);
      if (!is_new) expect_same_bits(result, first->second);
    }
  }
}

TEST_P(FusedEncoderLayerVariant, inverts_norms_whose_weights_are_zero_or_next_to_it) {
  LayerCase layer_case = make_case(kShape);
  layer_case.small_gamma = true;
  const LayerInputs inputs = make_inputs(layer_case);
  layer_case.flags.normalize_invertible = true;
  expect_close(run_fused(layer_case, inputs), run_reference(layer_case, inputs),
               invertible_tolerance(layer_case.dtype));
}

TEST_P(FusedEncoderLayerVariant, any_split_into_micro_batches_gives_the_same_gradients) {
  LayerCase layer_case = make_case({4, 33, 48, 3, 63});
  const LayerInputs inputs = make_inputs(layer_case);
  const LayerResult whole = run_reference(layer_case, inputs);
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{1, 1, 1, 1}, {3, 1}, {2, 2}}) {
    const auto layer = make_fused(layer_case);
    load(*layer, inputs);
    LayerResult last;
    std::vector<at::Tensor> outputs;
    std::vector<at::Tensor> hidden_gradients;
    int64_t begin = 0;
    for (const int64_t size : sizes) {
      last = run(*layer, micro_batch(inputs, begin, size), layer_case.dtype);
      outputs.push_back(last.output);
      hidden_gradients.push_back(last.gradients.at("hidden"));
      begin += size;
    }
    last.output = at::cat(outputs);
    last.gradients["hidden"] = at::cat(hidden_gradients);
    expect_close(last, whole, tolerance(layer_case.dtype));
  }
}

TEST_P(FusedEncoderLayerVariant, same_seed_gives_same_bits_for_any_number_of_threads) {
  // More rows than a thread takes at a time, and than bfloat16 sums at a time.
  LayerCase layer_case = make_case({8, 130, 144, 3, 520});
  const LayerInputs padded = make_inputs(layer_case);
  const int threads = at::get_num_threads();
  for (const bool flash : {false, true}) {
    layer_case.flags.flash_attention = flash;
    for (const LayerInputs& inputs : {padded, packed(padded)}) {
      at::set_num_threads(1);
      const LayerResult one = run_fused(layer_case, inputs);
      expect_same_bits(run_fused(layer_case, inputs), one);
      for (const int many : {2, 3, 5}) {
        SCOPED_TRACE(layer_case.describe() + " threads " + std::to_string(many));
        at::set_num_threads(many);
        expect_same_bits(run_fused(layer_case, inputs), one);
      }
    }
  }
  at::set_num_threads(threads);
}

TEST_P(FusedEncoderLayerVariant, recomputing_the_whole_layer_gives_the_same_bits) {
  const LayerCase layer_case = make_case(kShape);
  const LayerInputs inputs = make_inputs(layer_case);
  const model::CheckpointedLayer layer(make_fused(layer_case));
  load(layer, inputs);
  expect_same_bits(run(layer, inputs, layer_case.dtype), run_fused(layer_case, inputs));
}

TEST_P(FusedEncoderLayerVariant, stochastic_mode_stays_within_the_tolerance) {
  LayerCase layer_case = make_case({3, 130, 144, 3, 520});
  const LayerInputs inputs = make_inputs(layer_case);
  const LayerResult expected = run_reference(layer_case, inputs);
  layer_case.flags.stochastic_mode = true;
  expect_close(run_fused(layer_case, inputs), expected, tolerance(layer_case.dtype));
}

std::string variant_name(const ::testing::TestParamInfo<Variant>& info) {
  const auto [placement, dtype, gelu, dropout] = info.param;
  return std::string(placement == LayerNormPlacement::kPost ? "post" : "pre") +
         (dtype == at::kFloat ? "_fp32" : "_bf16") + (gelu == Gelu::kErf ? "_erf" : "_tanh") +
         (dropout > 0 ? "_dropout" : "_no_dropout");
}

INSTANTIATE_TEST_SUITE_P(
    all, FusedEncoderLayerVariant,
    ::testing::Combine(::testing::Values(LayerNormPlacement::kPost, LayerNormPlacement::kPre),
                       ::testing::Values(at::kFloat, at::kBFloat16),
                       ::testing::Values(Gelu::kErf, Gelu::kTanh), ::testing::Values(0.0, 0.2)),
    variant_name);

}  // namespace
}  // namespace kernels::testing
