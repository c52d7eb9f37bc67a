#include "machine/nvml.h"

#include <array>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

namespace machine {
namespace {

/// nvmlDevice_t, nvmlReturn_t and nvmlProcessInfo_t of version 3.
using NvmlDevice = void*;
using NvmlStatus = int;
struct NvmlProcess {
  unsigned pid;
  unsigned long long used_bytes;
  unsigned gpu_instance;
  unsigned compute_instance;
};

constexpr NvmlStatus kSuccess = 0;
constexpr NvmlStatus kInsufficientSize = 7;
constexpr int kMultiprocessorClock = 1;
constexpr int kMemoryClock = 2;
constexpr int kCoreSensor = 0;

/// Bits of nvmlDeviceGetCurrentClocksThrottleReasons that say that the GPU is held back; idleness
/// and clocks that somebody set are none.
constexpr std::array<std::pair<unsigned long long, const char*>, 5> kReasons = {{
    {0x04, "power cap"},
    {0x08, "hardware slowdown"},
    {0x20, "thermal slowdown by software"},
    {0x40, "thermal slowdown by hardware"},
    {0x80, "power brake"},
}};

}  // namespace

struct Nvml::Functions {
  NvmlStatus (*init)();
  NvmlStatus (*shut_down)();
  const char* (*error_string)(NvmlStatus);
  NvmlStatus (*device_by_address)(const char*, NvmlDevice*);
  NvmlStatus (*clock)(NvmlDevice, int, unsigned*);
  NvmlStatus (*temperature)(NvmlDevice, int, unsigned*);
  NvmlStatus (*throttle_reasons)(NvmlDevice, unsigned long long*);
  NvmlStatus (*compute_processes)(NvmlDevice, unsigned*, void*);  ///< a list of NvmlProcess

  void check(NvmlStatus status, const char* what) const {
    if (status == kSuccess) return;
    throw std::runtime_error(fmt::format("NVML cannot {}: {}", what, error_string(status)));
  }

  NvmlDevice device(const std::string& pci_address) const {
    NvmlDevice device = nullptr;
    check(device_by_address(pci_address.c_str(), &device), "find the GPU");
    return device;
  }
};

Nvml::Nvml(const std::string& library)
    : library_(::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)),
      functions_(std::make_unique<Functions>()) {
  if (library_ == nullptr) {
    throw std::runtime_error(fmt::format("cannot load NVML: {}", ::dlerror()));
  }
  try {
    const auto load = [&](auto& function, const char* name) {
      function =
          reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library_, name));
      if (function == nullptr) {
        throw std::runtime_error(fmt::format("{} has no {}: the driver is too old", library, name));
      }
    };
    load(functions_->init, "nvmlInit_v2");
    load(functions_->shut_down, "nvmlShutdown");
    load(functions_->error_string, "nvmlErrorString");
    load(functions_->device_by_address, "nvmlDeviceGetHandleByPciBusId_v2");
    load(functions_->clock, "nvmlDeviceGetClockInfo");
    load(functions_->temperature, "nvmlDeviceGetTemperature");
    load(functions_->throttle_reasons, "nvmlDeviceGetCurrentClocksThrottleReasons");
    load(functions_->compute_processes, "nvmlDeviceGetComputeRunningProcesses_v3");
    functions_->check(functions_->init(), "start");
  } catch (...) {
    ::dlclose(library_);
    throw;
  }
}

Nvml::~Nvml() {
  functions_->shut_down();
  ::dlclose(library_);
}

GpuState Nvml::state(const std::string& pci_address) const {
  const NvmlDevice device = functions_->device(pci_address);
  GpuState state;
  functions_->check(functions_->clock(device, kMultiprocessorClock, &state.multiprocessor_mhz),
                    "read a clock");
  functions_->check(functions_->clock(device, kMemoryClock, &state.memory_mhz), "read a clock");
  functions_->check(functions_->temperature(device, kCoreSensor, &state.temperature_celsius),
                    "read the temperature");
  unsigned long long bits = 0;
  functions_->check(functions_->throttle_reasons(device, &bits), "ask why clocks are low");
  for (const auto& [bit, name] : kReasons) {
    if ((bits & bit) != 0) state.slowed_by.emplace_back(name);
  }
  return state;
}

size_t Nvml::processes(const std::string& pci_address) const {
  const NvmlDevice device = functions_->device(pci_address);
  std::vector<NvmlProcess> list(16);
  for (;;) {
    auto count = static_cast<unsigned>(list.size());
    const NvmlStatus status = functions_->compute_processes(device, &count, list.data());
    if (status != kInsufficientSize) {
      functions_->check(status, "list processes");
      return count;
    }
    list.resize(2 * size_t{count} + list.size());
  }
}

}  // namespace machine
