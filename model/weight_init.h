#pragma once

#include <cstdint>

#include "model/parameter.h"

namespace model {

/// BERT's initialization by HuggingFace name: LayerNorm weights 1, biases 0, everything else from
/// N(0, 0.02), drawn in fp32 from a generator seeded by `seed` and the name, then rounded to the
/// weight's dtype. Nothing happens on meta.
void initialize_weight(const WeightView& weight, uint64_t seed);

}  // namespace model
