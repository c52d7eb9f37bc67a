#include "worker/device/compute_capability.h"

#include <fmt/format.h>

namespace worker {

std::string capability_problem(const std::string& gpu, int major, int minor) {
  // The oldest that CUDA 13 and LibTorch's build with it compile for.
  constexpr int kOldestMajor = 7;
  constexpr int kOldestMinor = 5;
  if (major > kOldestMajor || (major == kOldestMajor && minor >= kOldestMinor)) return {};
  return fmt::format(
      "{} has compute capability {}.{}, and builds with CUDA 13 begin at {}.{}: it needs a build "
      "with CUDA 12 and its LibTorch, which there is not yet",
      gpu, major, minor, kOldestMajor, kOldestMinor);
}

}  // namespace worker
