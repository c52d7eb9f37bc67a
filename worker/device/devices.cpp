#include "worker/device/devices.h"

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"
#include "worker/device/cpu_device.h"
#if defined(BENCH_CUDA)
#include "worker/cuda/cuda_device.h"
#endif

namespace worker {

#if defined(BENCH_CUDA)
namespace {

/// Null until it is asked for. Never destroyed: the allocator tells it of blocks until the process
/// has ended.
CudaDevice* cuda_in_use = nullptr;

}  // namespace
#endif

std::string absence_of(const std::string& kind) {
  if (kind == "cpu") return {};
  if (kind != "cuda") {
    throw harness::ProtocolError(fmt::format("device kind \"{}\" is not one of cpu, cuda", kind));
  }
#if defined(BENCH_CUDA)
  return cuda_absence();
#else
  return "this program is built without CUDA (make CUDA=1 build)";
#endif
}

Device& device_of([[maybe_unused]] const std::string& kind) {
#if defined(BENCH_CUDA)
  if (kind == "cuda") {
    if (cuda_in_use == nullptr) cuda_in_use = new CudaDevice;
    return *cuda_in_use;
  }
#endif
  static CpuDevice cpu;
  return cpu;
}

std::string fault_of_devices() {
#if defined(BENCH_CUDA)
  if (cuda_in_use != nullptr) return cuda_in_use->fault();
#endif
  return {};
}

}  // namespace worker
