#include "worker/support.h"

#include "worker/device/devices.h"

namespace worker {

std::string unplannable_reason(const harness::Cell& cell) {
  if (cell.device.kind == "cpu" && cell.precision == "fp16") {
    return "fp16 on the CPU: LibTorch has no fp16 training there; use fp32 or bf16";
  }
  return {};
}

harness::DeviceStatus device_status(const std::string& kind) {
  const auto reason = absence_of(kind);
  return {kind, reason.empty(), reason};
}

}  // namespace worker
