#pragma once

#include <memory>
#include <string>
#include <vector>

namespace machine {

/// What a GPU's clocks do, and why they are lower than they could be.
struct GpuState {
  unsigned multiprocessor_mhz = 0;
  unsigned memory_mhz = 0;
  unsigned temperature_celsius = 0;
  /// "power cap", "thermal slowdown", ...: empty where nothing but idleness or settings holds them.
  std::vector<std::string> slowed_by;
};

/// NVIDIA's management library, loaded at run time: no toolkit has it, a driver brings it. The
/// functions are those of the NVML API reference, whose binary interface is stable.
class Nvml {
 public:
  /// Loads and initializes `library`. Throws std::runtime_error, in one line, where it is not there
  /// or too old, or there is no driver.
  explicit Nvml(const std::string& library = "libnvidia-ml.so.1");
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;
  ~Nvml();

  /// Of the GPU at a PCI address, "0000:65:00.0". Both throw std::runtime_error with the library's
  /// own words.
  GpuState state(const std::string& pci_address) const;
  /// Processes that compute on it.
  size_t processes(const std::string& pci_address) const;

 private:
  struct Functions;

  void* library_;
  std::unique_ptr<Functions> functions_;
};

}  // namespace machine
