#include "baseline/implementations.h"

#include <stdexcept>

#include "baseline/eager_layer.h"
#include "baseline/tuned_layer.h"
#include "model/stock_dropout.h"

namespace baseline {
namespace {

template <class Layer>
model::Implementation implementation(const std::string& name) {
  const auto make_layer = [name](const model::BertConfig& config, int64_t index,
                                 const model::LayerFlags& flags, const at::TensorOptions& options) {
    if (flags.normalize_invertible || flags.gelu_checkpoint || flags.attn_dropout_checkpoint ||
        flags.flash_attention || flags.stochastic_mode) {
      throw std::invalid_argument(name + " has no layer flags");
    }
    return std::make_unique<Layer>(config, index, options);
  };
  const auto make_dropout = [](bool cuda_path) {
    using Path = model::StockDropout::Path;
    return std::make_unique<model::StockDropout>(cuda_path ? Path::kFused : Path::kDispatch);
  };
  return {name, make_layer, make_dropout};
}

}  // namespace

model::Implementation pytorch_eager() {
  return implementation<EagerLayer>("pytorch_eager");
}

model::Implementation pytorch_tuned() {
  return implementation<TunedLayer>("pytorch_tuned");
}

}  // namespace baseline
