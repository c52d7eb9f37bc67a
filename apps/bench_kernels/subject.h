#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/bench_kernels/setting.h"
#include "apps/bench_kernels/work.h"

namespace apps {

/// What some lines compare at every setting. A case is a subject at a setting.
struct Subject {
  std::string name;                ///< "gemm/qkv/forward", "layer/full"
  std::vector<std::string> lines;  ///< the first one's work is the ceiling's
  WorkUnit unit;
  /// A work for every line, after the fused ones were compared with LibTorch's. Throws
  /// std::runtime_error, with the case's name in its one line, where they differ.
  std::function<Works(const std::string& case_name, const Setting&)> make;
  bool cpu_only = false;  ///< no line on other devices
};

/// Every operator, then whole layers.
std::vector<Subject> subjects();

}  // namespace apps
