#pragma once

#include <string>
#include <vector>

#include "harness/protocol/model_shape.h"

namespace harness {

/// Names of the published BERT shapes, from small to large.
std::vector<std::string> preset_names();

/// The shape of a preset: post-layer-norm, erf GELU, dropout 0.1, as BERT was published. Throws
/// std::out_of_range on an unknown name.
ModelShape preset_shape(const std::string& name);

}  // namespace harness
