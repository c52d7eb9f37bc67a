#include "apps/registry.h"

#include <memory>
#include <utility>
#include <vector>

#include "baseline/implementations.h"
#include "kernels/layer/fused_encoder_layer.h"
#include "kernels/layer/keyed_dropout.h"
#include "kernels/optimizer/fused_adamw.h"
#include "train/optimizer.h"

namespace apps {
namespace {

/// The fused layer generates its dropout bits itself; what is left to a source is the embeddings'.
model::Implementation fused() {
  return {"fused", &kernels::make_fused_encoder_layer,
          [](bool) { return std::make_unique<kernels::KeyedDropout>(); },
          &kernels::fused_layer_cuda_problem};
}

template <class Optimizer>
model::OptimizerEntry optimizer(const char* name) {
  return {name, [](std::vector<model::Parameter> parameters, const model::AdamWOptions& options) {
            return std::make_unique<Optimizer>(std::move(parameters), options);
          }};
}

}  // namespace

model::Registry registry() {
  return {{baseline::pytorch_eager(), baseline::pytorch_tuned(), fused()},
          {optimizer<train::AdamW>("adamw"), optimizer<kernels::FusedAdamW>("fused_adamw")},
          [] { return std::make_unique<kernels::KeyedDropout>(); }};
}

}  // namespace apps
