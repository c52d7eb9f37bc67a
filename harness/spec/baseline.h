#pragma once

#include <string>

namespace harness {

/// The baseline that stands for the fastest reference that passed. References are what users have
/// without us, the implementations named pytorch_*.
inline constexpr const char* kBestBaseline = "best";

/// Whether `implementation` is the baseline, or one that "best" is chosen from.
bool may_be_baseline(const std::string& implementation, const std::string& baseline);

}  // namespace harness
