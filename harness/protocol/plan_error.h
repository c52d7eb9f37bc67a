#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/memory_footprint.h"

namespace harness {

/// How far measured memory is above what was planned, each as a part of what was planned: 0.01
/// where 1 % more was measured, negative where less was.
struct PlanError {
  double peak = 0;                 ///< of the peak, without what libraries took for themselves
  std::optional<double> reserved;  ///< of what a caching allocator held, where both are known

  /// The larger of the two, without its sign.
  double largest() const;
  bool operator==(const PlanError&) const = default;
};

/// None where one of the two is not known or nothing was planned.
std::optional<PlanError> plan_error(const std::optional<MemoryFootprint>& planned,
                                    const std::optional<MemoryFootprint>& measured);

void to_json(nlohmann::json& json, const PlanError& error);
void from_json(const nlohmann::json& json, PlanError& error);

}  // namespace harness
