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

std::string precision_problem(const std::string& precision, const std::string& gpu, int major,
                              int minor) {
  constexpr int kFirstWithBfloat16 = 8;
  if (precision != "bf16" || major >= kFirstWithBfloat16) return {};
  return fmt::format(
      "bf16 on {}, which has compute capability {}.{}: cuBLASLt has products of bf16 from {}.0 on; "
      "use fp16 or fp32",
      gpu, major, minor, kFirstWithBfloat16);
}

}  // namespace worker
