#include "worker/cuda/cuda_device.h"

#include <stdexcept>
#include <string>

#include <ATen/Context.h>
#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAException.h>
#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "worker/cuda/cupti_recorder.h"
#include "worker/cuda/event_timer.h"
#include "worker/cuda/graph_recorder.h"
#include "worker/device/compute_capability.h"
#include "worker/device/gpu_monitor.h"
#include "worker/measure/warm_up.h"

namespace worker {
namespace {

/// 13000 as CUDA writes it: "13.0".
std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

int driver_version() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess ? version : 0;
}

/// Why this build cannot use the first device; empty where it can.
std::string first_gpu_problem() {
  cudaDeviceProp device{};
  const cudaError_t status = cudaGetDeviceProperties(&device, 0);
  if (status == cudaSuccess) return capability_problem(device.name, device.major, device.minor);
  cudaGetLastError();  // which is not to be found by a later call
  return fmt::format("no CUDA device: {} ({})", cudaGetErrorString(status),
                     cudaGetErrorName(status));
}

std::string first_pci_address() {
  constexpr int kLength = 32;
  char address[kLength] = "";
  C10_CUDA_CHECK(cudaDeviceGetPCIBusId(address, kLength, 0));
  return address;
}

}  // namespace

std::string cuda_absence() {
  if (driver_version() == 0) return "no CUDA device: NVIDIA's driver is not installed";
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaSuccess && count > 0) return first_gpu_problem();
  cudaGetLastError();  // which is not to be found by a later call
  return status == cudaSuccess ? "no CUDA device is visible to this process"
                               : fmt::format("no CUDA device: {} ({})", cudaGetErrorString(status),
                                             cudaGetErrorName(status));
}

CudaDevice::CudaDevice() : memory_(0), pci_address_(first_pci_address()) {
  try {
    nvml_.emplace();
  } catch (const std::runtime_error& error) {
    clocks_ = {{"unknown", error.what()}};
  }
}

std::string CudaDevice::precision_problem(const std::string& precision) const {
  const cudaDeviceProp& device = *at::cuda::getDeviceProperties(0);
  return worker::precision_problem(precision, device.name, device.major, device.minor);
}

void CudaDevice::warm_up(at::ScalarType dtype) {
  memory_.begin_run({});
  warm_up_libraries(torch_device(), {at::kFloat, dtype});
}

void CudaDevice::begin_run(const RunOptions& options) {
  at::globalContext().setDeterministicAlgorithms(options.poison, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(options.poison);
  memory_.begin_run(options);
}

std::unique_ptr<train::PassRecorder> CudaDevice::make_recorder() {
  return std::make_unique<GraphRecorder>();
}

std::vector<double> CudaDevice::time_steps(int64_t warmup, int64_t count, const Step& step) {
  settle(warmup, step);
  std::optional<GpuMonitor> monitor;
  if (nvml_) monitor.emplace(*nvml_, pci_address_);
  const TimedSteps timed = event_timed_steps(static_cast<uint64_t>(warmup), count, step);
  if (monitor) {
    monitor->stop();
    clocks_ = monitor->report(timed.begin, timed.seconds);
  }
  return timed.seconds;
}

std::unique_ptr<ActivityRecorder> CudaDevice::activity_recorder() {
  return std::make_unique<CuptiRecorder>();
}

std::string CudaDevice::fault() {
  cudaDeviceSynchronize();
  cudaGetLastError();  // an error that one call alone had
  const cudaError_t status = cudaDeviceSynchronize();
  if (status == cudaSuccess) return {};
  return fmt::format(
      "{}: {}; this process can use the GPU no more. A kernel of this phase or of one before it "
      "failed: with CUDA_LAUNCH_BLOCKING=1 in the environment the phase is the kernel's own",
      cudaGetErrorName(status), cudaGetErrorString(status));
}

void CudaDevice::describe(nlohmann::json& environment) const {
  const cudaDeviceProp& device = *at::cuda::getDeviceProperties(0);
  int runtime = 0;
  cudaRuntimeGetVersion(&runtime);
  environment["gpu"] = {{"name", device.name},
                        {"compute_capability", fmt::format("{}.{}", device.major, device.minor)},
                        {"multiprocessors", device.multiProcessorCount},
                        {"memory_bytes", device.totalGlobalMem},
                        {"memory_outside_bytes", memory_.outside_bytes()},
                        {"driver", version_text(driver_version())},
                        {"runtime", version_text(runtime)},
                        {"clocks", clocks_}};
  if (const auto others = other_processes(); others > 0) {
    environment["gpu"]["warning"] =
        fmt::format("{} other processes compute on this GPU: times are not its own", others);
  }
}

size_t CudaDevice::other_processes() const {
  if (!nvml_) return 0;
  try {
    const size_t all = nvml_->processes(pci_address_);
    return all > 1 ? all - 1 : 0;
  } catch (const std::runtime_error&) {
    return 0;  // not every driver tells: a container's may not
  }
}

}  // namespace worker
