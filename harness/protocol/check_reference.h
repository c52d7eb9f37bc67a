#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/model_shape.h"

namespace harness {

/// What the correctness gate accepts of one tensor.
struct ReferenceTensor {
  std::string name;         ///< "loss", "span_logits", or the weight whose gradient it is
  double tolerance = 0;     ///< the largest norm of the difference over that of `relative_to`
  std::string relative_to;  ///< the tensor whose reference the difference is relative to
  bool operator==(const ReferenceTensor&) const = default;
};

/// The correctness gate's problem without dropout, for programs that check themselves. What
/// `bench_worker --reference` returns; the numbers are in the file that it writes.
struct CheckReference {
  ModelShape model;
  std::vector<ReferenceTensor> tensors;  ///< all that must agree
  bool operator==(const CheckReference&) const = default;
};

void to_json(nlohmann::json& json, const CheckReference& reference);
/// Throws ProtocolError on a missing, mistyped or unknown key, on a tolerance that is not positive,
/// and where a tensor is relative to none of them.
void from_json(const nlohmann::json& json, CheckReference& reference);

}  // namespace harness
