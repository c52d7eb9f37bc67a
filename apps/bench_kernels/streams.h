#pragma once

#include "apps/bench_kernels/setting.h"
#include "kernels/core/dropout_stream.h"

namespace apps {

/// Dropout bits of hidden states, and of attention's probabilities; off where the setting's dropout
/// is 0.
inline kernels::DropoutStream hidden_stream(const Setting& setting) {
  return {.seed = 1, .step = 1, .layer = 0, .site = 1, .probability = setting.dropout};
}
inline kernels::DropoutStream attention_stream(const Setting& setting) {
  return {.seed = 1, .step = 1, .layer = 0, .site = 0, .probability = setting.dropout};
}

}  // namespace apps
