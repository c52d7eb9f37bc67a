#include "worker/support.h"

#include <algorithm>

#include "worker/cell_model.h"
#include "worker/device/devices.h"

namespace worker {
namespace {

bool has_flag(const harness::Cell& cell, const char* flag) {
  return std::find(cell.flags.begin(), cell.flags.end(), flag) != cell.flags.end();
}

/// Why the cell's passes cannot be recorded and played; empty where they can.
std::string unrecordable_reason(const harness::Cell& cell) {
  if (cell.device.kind != "cuda") return "cuda_graph: the device has no CUDA graphs";
  if (has_flag(cell, "remove_padding")) {
    return "cuda_graph plays the same work in every step, and with remove_padding each step has "
           "other sizes; leave one of them out";
  }
  if (has_flag(cell, "activation_checkpoint")) {
    return "activation_checkpoint sets LibTorch's generator back within a step, which a CUDA graph "
           "cannot; leave it or cuda_graph out";
  }
  return {};
}

/// Why the cell's layers have no form for its device's kind; empty where they have.
std::string unformed_reason(const harness::Cell& cell, const model::Registry& registry) {
  const auto* const implementation = registry.find(cell.implementation);
  const bool takes_all = implementation == nullptr || !implementation->cuda_problem;
  if (cell.device.kind != "cuda" || takes_all) return {};
  return implementation->cuda_problem(bert_config(cell.model), bert_options(cell, at::kMeta).flags);
}

}  // namespace

std::string unplannable_reason(const harness::Cell& cell, const model::Registry& registry) {
  if (cell.device.kind == "cpu" && cell.precision == "fp16") {
    return "fp16 on the CPU: LibTorch has no fp16 training there; use fp32 or bf16";
  }
  if (auto reason = unformed_reason(cell, registry); !reason.empty()) return reason;
  return cell.measure.cuda_graph ? unrecordable_reason(cell) : std::string();
}

std::string unsupported_reason(const harness::Cell& cell, const model::Registry& registry) {
  if (auto reason = absence_of(cell.device.kind); !reason.empty()) return reason;
  if (auto reason = unplannable_reason(cell, registry); !reason.empty()) return reason;
  return device_of(cell.device.kind).precision_problem(cell.precision);
}

harness::DeviceStatus device_status(const std::string& kind) {
  const auto reason = absence_of(kind);
  return {kind, reason.empty(), reason};
}

}  // namespace worker
