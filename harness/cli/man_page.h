#pragma once

#include <map>
#include <string>

namespace harness {

/// Manual pages as one page for man(1), in its macros: that of "bench_sweep", then a section for
/// each of the others.
std::string man_page(const std::map<std::string, std::string>& pages, const std::string& version);

}  // namespace harness
