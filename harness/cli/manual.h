#pragma once

#include <string>

namespace harness {

/// The manual page of "bench_sweep" or of one of its commands ("bench_sweep run", ...).
/// Throws std::out_of_range for any other name.
std::string manual_page(const std::string& command);

}  // namespace harness
