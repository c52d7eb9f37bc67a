#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/bert_config.h"
#include "model/encoder_layer.h"
#include "model/implementation.h"
#include "model/sequence_layout.h"

namespace kernels::testing {

/// What `run` keys dropout with.
inline constexpr uint64_t kSeed = 11;
inline constexpr uint64_t kStep = 3;

/// Shapes that no vector width, tile or block divides.
struct LayerShape {
  int64_t batch;
  int64_t sequence;
  int64_t hidden;
  int64_t heads;
  int64_t intermediate;
};

std::vector<LayerShape> awkward_shapes();

/// One layer problem: what every implementation of it is given.
struct LayerCase {
  LayerShape shape{};
  model::LayerNormPlacement placement = model::LayerNormPlacement::kPost;
  model::Gelu gelu = model::Gelu::kErf;
  double dropout = 0;
  at::ScalarType dtype = at::kFloat;
  model::LayerFlags flags = {};
  bool small_gamma = false;           ///< some LayerNorm weights are 0 or next to it, with biases
  bool unit_norms = false;            ///< LayerNorm weights 1 and biases 0, as at initialization
  std::vector<int64_t> lengths = {};  ///< of the sequences; empty: full, half, none, full, ...

  model::BertConfig config() const;
  std::string describe() const;
};

/// Output and gradients of a layer, by HuggingFace name ("hidden": the input's).
struct LayerResult {
  at::Tensor output;
  std::map<std::string, at::Tensor> gradients;
};

/// Random inputs of a case, in its dtype.
struct LayerInputs {
  at::Tensor hidden;
  at::Tensor d_output;
  model::SequenceLayout layout;
  std::map<std::string, at::Tensor> weights;
};

LayerInputs make_inputs(const LayerCase& layer_case);
/// Sequences [begin, begin + count) of `inputs` as a micro-batch of its own.
LayerInputs micro_batch(const LayerInputs& inputs, int64_t begin, int64_t count);

/// The rows of `padded` [batch, sequence, ...] that are tokens, [tokens, ...].
at::Tensor tokens(const at::Tensor& padded, const model::SequenceLayout& layout);
/// The same micro-batch packed.
LayerInputs packed(const LayerInputs& inputs);
/// The same with no gradient at the outputs of padding, which no loss looks at.
LayerInputs without_padding_gradient(const LayerInputs& inputs);

std::unique_ptr<model::EncoderLayer> make_fused(const LayerCase& layer_case,
                                                at::Device device = at::kCPU);
std::unique_ptr<model::EncoderLayer> make_reference(const LayerCase& layer_case);

/// Sets the weights of `layer` to those of `inputs`, in its own dtype, without gradients.
void load(const model::EncoderLayer& layer, const LayerInputs& inputs);
/// Forward and backward with keyed dropout where the layer is; gradients add to what it has.
/// Results are on the CPU.
LayerResult run(const model::EncoderLayer& layer, const LayerInputs& inputs, at::ScalarType dtype);

/// The fused layer, and plain LibTorch in double with the same rounded inputs.
LayerResult run_fused(const LayerCase& layer_case, const LayerInputs& inputs,
                      at::Device device = at::kCPU);
LayerResult run_reference(const LayerCase& layer_case, const LayerInputs& inputs);

/// Relative error in the Euclidean norm. Gradients that a softmax makes vanish (queries and keys)
/// are measured against the value's.
void expect_close(const LayerResult& actual, const LayerResult& expected, double tolerance);
void expect_same_bits(const LayerResult& actual, const LayerResult& expected);

/// Makes every at::empty hold NaN while it lives, so that what is never written shows.
class NanFilledMemory {
 public:
  NanFilledMemory();
  ~NanFilledMemory();
};

/// All twelve sets of the layer's memory flags.
std::vector<model::LayerFlags> memory_flag_sets();

}  // namespace kernels::testing
