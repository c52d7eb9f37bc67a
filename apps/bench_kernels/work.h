#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace apps {

/// What the least work of an operator is counted in, and so what its ceiling is.
enum class WorkUnit {
  kBytes,     ///< read and written; ceiling: a copy of as many
  kFlops,     ///< ceiling: as many in registers
  kElements,  ///< no ceiling
};

/// What a line of the benchmark times, and how much work that is at least.
struct Work {
  std::function<void()> run;
  int64_t amount;
};

/// The lines of a case by name: "fused", "torch", ...
using Works = std::map<std::string, Work>;

}  // namespace apps
