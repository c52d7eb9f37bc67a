#pragma once

#include "model/implementation.h"

namespace baseline {

/// "pytorch_eager" (baseline/eager_layer.h) and "pytorch_tuned" (baseline/tuned_layer.h), with
/// LibTorch's own dropout. They have no flags of their own: make_layer throws std::invalid_argument
/// where one is set.
model::Implementation pytorch_eager();
model::Implementation pytorch_tuned();

}  // namespace baseline
