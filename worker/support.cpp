#include "worker/support.h"

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"

namespace worker {

std::string unplannable_reason(const harness::Cell& cell) {
  if (cell.device.kind == "cpu" && cell.precision == "fp16") {
    return "fp16 on the CPU: LibTorch has no fp16 training there; use fp32 or bf16";
  }
  return {};
}

harness::DeviceStatus device_status(const std::string& kind) {
  if (kind == "cpu") return {kind, true, ""};
  if (kind == "cuda") {
    return {kind, false, "this bench_worker is built without CUDA"};
  }
  throw harness::ProtocolError(fmt::format("device kind \"{}\" is not one of cpu, cuda", kind));
}

}  // namespace worker
