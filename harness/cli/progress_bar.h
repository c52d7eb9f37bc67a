#pragma once

#include <cstdint>
#include <string>

namespace harness {

/// "[####......]": `done` of `all` as cells, of which `cells` are drawn; the last one is full only
/// when all is done. ASCII, so that a terminal's columns are bytes. `done` is in [0, all], `all`
/// above 0.
std::string progress_bar(int64_t done, int64_t all, int64_t cells = 10);

}  // namespace harness
