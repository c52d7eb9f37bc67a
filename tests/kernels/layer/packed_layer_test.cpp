// Packed micro-batches against the same ones padded.

#include <gtest/gtest.h>

#include "kernels/layer/fused_encoder_layer.h"
#include "model/checkpointed_layer.h"
#include "tests/kernels/layer/layer_case.h"

namespace kernels::testing {
namespace {

using model::LayerNormPlacement;

constexpr int64_t kLength = 37;

std::vector<std::vector<int64_t>> mixed_lengths() {
  return {{1}, {2, 1}, {kLength, 1, 2, 20}, {0, 5, 5, 0, kLength}, {20, 20, 20}};
}

/// A result of a padded micro-batch as the packed one has it.
LayerResult tokens_alone(LayerResult result, const model::SequenceLayout& layout) {
  result.output = tokens(result.output, layout);
  result.gradients["hidden"] = tokens(result.gradients.at("hidden"), layout);
  return result;
}

using Variant = std::tuple<LayerNormPlacement, at::ScalarType, double>;

class PackedLayer : public ::testing::TestWithParam<Variant> {
 protected:
  LayerCase make_case(const std::vector<int64_t>& lengths) const {
    const auto [placement, dtype, dropout] = GetParam();
    LayerCase layer_case;
    layer_case.shape = {static_cast<int64_t>(lengths.size()), kLength, 72, 3, 129};
    layer_case.placement = placement;
    layer_case.dtype = dtype;
    layer_case.dropout = dropout;
    layer_case.lengths = lengths;
    return layer_case;
  }
  double tolerance(const model::LayerFlags& flags) const {
    const bool wide = std::get<1>(GetParam()) == at::kFloat;
    if (flags.normalize_invertible) return wide ? 5e-5 : 5e-2;
    return wide ? 5e-6 : 2.5e-2;
  }
};

TEST_P(PackedLayer, agrees_with_padded_eager_in_double_for_every_memory_flag_set) {
  const NanFilledMemory nan_filled;
  for (const std::vector<int64_t>& lengths : mixed_lengths()) {
    LayerCase layer_case = make_case(lengths);
    const LayerInputs inputs = without_padding_gradient(make_inputs(layer_case));
    const LayerResult expected = tokens_alone(run_reference(layer_case, inputs), inputs.layout);
    for (const model::LayerFlags& flags : memory_flag_sets()) {
      layer_case.flags = flags;
      SCOPED_TRACE(layer_case.describe() + " sequences " + std::to_string(lengths.size()));
      expect_close(run_fused(layer_case, packed(inputs)), expected, tolerance(flags));
    }
  }
}

TEST_P(PackedLayer, of_full_sequences_has_the_bits_of_the_padded) {
  LayerCase layer_case = make_case({kLength, kLength, kLength});
  const LayerInputs inputs = make_inputs(layer_case);
  for (const model::LayerFlags& flags : memory_flag_sets()) {
    layer_case.flags = flags;
    SCOPED_TRACE(layer_case.describe());
    const LayerResult expected = tokens_alone(run_fused(layer_case, inputs), inputs.layout);
    expect_same_bits(run_fused(layer_case, packed(inputs)), expected);
  }
}

TEST_P(PackedLayer, any_split_into_micro_batches_gives_the_same_gradients) {
  LayerCase layer_case = make_case({kLength, 1, 2, 20});
  const LayerInputs inputs = without_padding_gradient(make_inputs(layer_case));
  const LayerResult whole = tokens_alone(run_reference(layer_case, inputs), inputs.layout);
  for (const bool flash : {false, true}) {
    layer_case.flags.flash_attention = flash;
    for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{1, 1, 1, 1}, {3, 1}, {2, 2}}) {
      const auto layer = make_fused(layer_case);
      load(*layer, inputs);
      LayerResult last;
      std::vector<at::Tensor> outputs;
      std::vector<at::Tensor> hidden_gradients;
      int64_t begin = 0;
      for (const int64_t size : sizes) {
        last = run(*layer, packed(micro_batch(inputs, begin, size)), layer_case.dtype);
        outputs.push_back(last.output);
        hidden_gradients.push_back(last.gradients.at("hidden"));
        begin += size;
      }
      last.output = at::cat(outputs);
      last.gradients["hidden"] = at::cat(hidden_gradients);
      expect_close(last, whole, tolerance(layer_case.flags));
    }
  }
}

TEST_P(PackedLayer, recomputing_the_whole_layer_gives_the_same_bits) {
  const LayerCase layer_case = make_case({kLength, 0, 2, 20});
  const LayerInputs inputs = packed(make_inputs(layer_case));
  const model::CheckpointedLayer layer(make_fused(layer_case));
  load(layer, inputs);
  expect_same_bits(run(layer, inputs, layer_case.dtype), run_fused(layer_case, inputs));
}

std::string variant_name(const ::testing::TestParamInfo<Variant>& info) {
  const auto [placement, dtype, dropout] = info.param;
  return std::string(placement == LayerNormPlacement::kPost ? "post" : "pre") +
         (dtype == at::kFloat ? "_fp32" : "_bf16") + (dropout > 0 ? "_dropout" : "_no_dropout");
}

INSTANTIATE_TEST_SUITE_P(
    all, PackedLayer,
    ::testing::Combine(::testing::Values(LayerNormPlacement::kPost, LayerNormPlacement::kPre),
                       ::testing::Values(at::kFloat, at::kBFloat16), ::testing::Values(0.0, 0.2)),
    variant_name);

}  // namespace
}  // namespace kernels::testing
