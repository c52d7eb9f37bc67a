#include "model/weight_file.h"

#include <optional>

#include <ATen/ops/from_blob.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/names/weight_match.h"
#include "checkpoint/safetensors_writer.h"
#include "model/stored_tensor.h"
#include "model/weight_init.h"

namespace model {
namespace {

using checkpoint::Dtype;
using checkpoint::names::BertFile;
using checkpoint::names::WeightMatch;

std::optional<at::ScalarType> scalar_type_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF16:
      return at::kHalf;
    case Dtype::kBF16:
      return at::kBFloat16;
    case Dtype::kF32:
      return at::kFloat;
    case Dtype::kF64:
      return at::kDouble;
    default:
      return std::nullopt;
  }
}

std::vector<checkpoint::names::ExpectedWeight> expected_weights(
    const std::vector<WeightView>& weights) {
  std::vector<checkpoint::names::ExpectedWeight> expected;
  for (const WeightView& weight : weights) {
    expected.push_back({weight.name, weight.value().sizes().vec()});
  }
  return expected;
}

void check_dtypes(const BertFile& file, const WeightMatch& match) {
  for (const size_t place : match.places) {
    if (place == WeightMatch::kMissing) continue;
    const checkpoint::TensorEntry& tensor = file.tensors()[place];
    if (scalar_type_of(tensor.dtype)) continue;
    throw checkpoint::CheckpointError(file.file() + ": " + tensor.name + " is " +
                                      checkpoint::dtype_name(tensor.dtype) +
                                      ", not of a floating-point type");
  }
}

}  // namespace

LoadedWeights load_weights(BertForSquad& bert, const BertFile& file, uint64_t seed) {
  const at::NoGradGuard no_grad;
  const std::vector<WeightView> weights = bert.weights();
  const WeightMatch match = match_weights(file, expected_weights(weights),
                                          bert.config().layer_norm == LayerNormPlacement::kPre);
  check_dtypes(file, match);
  LoadedWeights loaded{{}, match.passed_by};
  for (size_t i = 0; i < weights.size(); ++i) {
    const size_t place = match.places[i];
    if (place == WeightMatch::kMissing) {
      initialize_weight(weights[i], seed);
      loaded.initialized.push_back(weights[i].name);
      continue;
    }
    std::vector<std::byte> bytes = file.read(place);
    const checkpoint::TensorEntry& tensor = file.tensors()[place];
    weights[i].value().copy_(
        at::from_blob(bytes.data(), tensor.shape, *scalar_type_of(tensor.dtype)));
  }
  return loaded;
}

void write_weights(const std::filesystem::path& file, const BertForSquad& bert) {
  std::vector<checkpoint::TensorView> tensors;
  for (const WeightView& weight : bert.weights()) {
    tensors.push_back(stored_view(weight.name, weight.value().detach()));
  }
  // HuggingFace's loader asks for the framework.
  checkpoint::write_safetensors(file, std::move(tensors), {{"format", "pt"}});
}

}  // namespace model
