#include "apps/registry.h"

#include <memory>

#include "baseline/implementations.h"
#include "kernels/layer/fused_encoder_layer.h"
#include "kernels/layer/keyed_dropout.h"

namespace apps {
namespace {

/// The fused layer generates its dropout bits itself; what is left to a source is the embeddings'.
model::Implementation fused() {
  return {"fused", &kernels::make_fused_encoder_layer,
          [](bool) { return std::make_unique<kernels::KeyedDropout>(); }};
}

}  // namespace

model::Registry registry() {
  return {{baseline::pytorch_eager(), baseline::pytorch_tuned(), fused()},
          [] { return std::make_unique<kernels::KeyedDropout>(); }};
}

}  // namespace apps
