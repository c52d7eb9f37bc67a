#pragma once

#include <memory>
#include <optional>
#include <string>

#include "machine/nvml.h"
#include "worker/cuda/cuda_memory.h"
#include "worker/device/device.h"

namespace worker {

/// Why there is no CUDA device, one line; empty where there is one.
std::string cuda_absence();

/// The first CUDA device that this process sees. Steps are queued on LibTorch's current stream and
/// timed there by CUDA's events; nothing waits for the device between timed steps.
class CudaDevice final : public Device {
 public:
  CudaDevice();

  at::Device torch_device() const override { return {at::kCUDA, 0}; }
  PlannedDevice kind() const override { return PlannedDevice::kCuda; }
  std::string precision_problem(const std::string& precision) const override;
  void warm_up(at::ScalarType dtype) override;
  /// `poison` fills what at::empty returns, not what kernels allocate for themselves.
  void begin_run(const RunOptions& options) override;
  void trim() override { memory_.trim(); }
  Ledger& ledger() override { return memory_.ledger(); }
  harness::MemoryFootprint footprint() const override { return memory_.footprint(); }
  std::optional<Refusal> last_refusal() const override { return memory_.last_refusal(); }
  std::unique_ptr<train::PassRecorder> make_recorder() override;
  /// Before the timed steps, the warm-up steps are repeated until they do not become faster.
  std::vector<double> time_steps(int64_t warmup, int64_t count, const Step& step) override;
  std::unique_ptr<ActivityRecorder> activity_recorder() override;
  /// What cudaDeviceSynchronize() answers again and again: the context is lost then, and with it
  /// all memory, until the process ends.
  std::string fault() override;
  void describe(nlohmann::json& environment) const override;

 private:
  /// 0 where it is not known.
  size_t other_processes() const;

  CudaMemory memory_;
  std::string pci_address_;
  std::optional<machine::Nvml> nvml_;
  nlohmann::json clocks_;  ///< of the last timed steps, or why they are not known
};

}  // namespace worker
