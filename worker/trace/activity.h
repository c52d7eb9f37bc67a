#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

enum class ActivityKind {
  kKernel,
  kCopy,
  kFill,
};

/// Something that a device did on one of its streams, some time after the host had launched it.
struct Activity {
  std::string name;  ///< the kernel's; "copy host to device", "fill"
  ActivityKind kind = ActivityKind::kKernel;
  int64_t begin_ns = 0;  ///< of the monotonic clock, as a span's
  int64_t end_ns = 0;
  uint32_t stream = 0;
  uint64_t launcher = 0;  ///< Span::id of the innermost span that launched it; 0 outside of all
  int64_t bytes = 0;      ///< of the device's memory, read and written; 0 where it is not known
};

using Activities = std::vector<Activity>;

}  // namespace worker
