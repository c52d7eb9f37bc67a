#pragma once

#include <map>
#include <string>

namespace harness {

/// Every manual page by its command: "bench_sweep", "bench_sweep run", ...
const std::map<std::string, std::string>& manual_pages();

/// The manual page of "bench_sweep" or of one of its commands ("bench_sweep run", ...).
/// Throws std::out_of_range for any other name.
std::string manual_page(const std::string& command);

}  // namespace harness
