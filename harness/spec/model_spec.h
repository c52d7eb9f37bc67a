#pragma once

#include <vector>

#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// A dropout probability, 0 <= p < 1.
double read_dropout(const SpecNode& node);
/// A layer-norm epsilon, 0 < eps < 1.
double read_layer_norm_eps(const SpecNode& node);

/// The model shapes of a sweep: `model` of `root` with every combination of the model scalars among
/// its `axes`, in the order of the file. At most kMaxCells.
std::vector<ModelVariant> read_models(const SpecNode& root);

}  // namespace harness
