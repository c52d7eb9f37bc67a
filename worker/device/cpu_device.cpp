#include "worker/device/cpu_device.h"

#include "worker/measure/warm_up.h"
#include "worker/timing/timed_steps.h"

namespace worker {

void CpuDevice::warm_up(at::ScalarType /*dtype*/) {
  memory_.begin_run({});
  warm_up_libraries(at::kCPU, {at::kFloat, at::kBFloat16});
}

std::vector<double> CpuDevice::time_steps(int64_t warmup, int64_t count, const Step& step) {
  return timed_steps(warmup, count, [&](uint64_t number) { step(number); });
}

}  // namespace worker
