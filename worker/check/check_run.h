#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/protocol/cell.h"
#include "model/bert_for_squad.h"
#include "model/implementation.h"

namespace worker {

/// A result of the check's training step, in fp64.
struct NamedTensor {
  std::string name;  ///< "loss", "span_logits", or the HuggingFace name of a gradient's weight
  at::Tensor value;  ///< undefined where a weight got no gradient
};

/// How the check's problem is run once.
struct CheckRun {
  const model::Implementation& implementation;
  model::BertOptions options;
  at::ScalarType weights_rounded_to;  ///< the checked precision, also of the fp64 reference
  bool dropout;                       ///< false: every probability is 0
  model::RowLayout row_layout = model::RowLayout::kPadded;
};

/// Forward and backward of the problem twice, each after gradients that were NaN are cleared; loss,
/// logits of the tokens and every parameter's gradient of the second time. So what an
/// implementation wrongly keeps from the first shows too.
std::vector<NamedTensor> run_check_problem(const harness::ModelShape& shape, const CheckRun& run,
                                           model::DropoutSource& dropout);

}  // namespace worker
