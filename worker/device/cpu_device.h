#pragma once

#include "worker/device/device.h"
#include "worker/memory/cpu_allocator.h"

namespace worker {

/// The CPU, whose memory is CpuAllocator's and whose steps are done when they return.
class CpuDevice final : public Device {
 public:
  at::Device torch_device() const override { return at::kCPU; }
  PlannedDevice kind() const override { return PlannedDevice::kCpu; }
  /// In every type, so that what counts as scratch is the same in all.
  void warm_up(at::ScalarType dtype) override;
  void begin_run(const RunOptions& options) override { memory_.begin_run(options); }
  void trim() override { memory_.trim(); }
  Ledger& ledger() override { return memory_.ledger(); }
  harness::MemoryFootprint footprint() const override { return memory_.footprint(); }
  std::optional<Refusal> last_refusal() const override { return memory_.last_refusal(); }
  std::vector<double> time_steps(int64_t warmup, int64_t count, const Step& step) override;
  std::unique_ptr<ActivityRecorder> activity_recorder() override { return nullptr; }
  void describe(nlohmann::json& /*environment*/) const override {}

 private:
  CpuAllocator& memory_ = CpuAllocator::instance();
};

}  // namespace worker
