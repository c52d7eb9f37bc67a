#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/protocol/cell.h"
#include "model/bert_config.h"
#include "model/bert_for_squad.h"
#include "model/sequence_layout.h"

namespace worker {

/// The model of a cell. Throws harness::ProtocolError where a name (layer_norm, gelu) is none.
model::BertConfig bert_config(const harness::ModelShape& shape);

/// `flags` by name, and a precision by its name. Throws harness::ProtocolError for a name that is
/// none.
model::BertOptions bert_options(const std::vector<std::string>& flags, const std::string& precision,
                                at::Device device);
/// Those of a cell.
model::BertOptions bert_options(const harness::Cell& cell, at::Device device);

/// Packed where `flags` have remove_padding.
model::RowLayout row_layout_of(const std::vector<std::string>& flags);
model::RowLayout row_layout_of(const harness::Cell& cell);

/// fp32, bf16 or fp16. Throws harness::ProtocolError for another.
at::ScalarType dtype_of(const std::string& precision);

/// Threads that a cell computes with: `measure.threads`, or where that is 0 OMP_NUM_THREADS, or
/// without it every processor this process may run on.
int64_t resolved_threads(const harness::Measure& measure);

}  // namespace worker
