#include "worker/cuda/cupti_error.h"

#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

namespace worker {
namespace {

std::string name_of(CUptiResult result) {
  const char* name = nullptr;
  if (cuptiGetResultString(result, &name) != CUPTI_SUCCESS || name == nullptr) {
    return fmt::format("CUPTI error {}", static_cast<int>(result));
  }
  return name;
}

/// What CUPTI says of a result, which may be nothing but its name: its first line, without a
/// period.
std::string message_of(CUptiResult result) {
  const char* text = nullptr;
  if (cuptiGetErrorMessage(result, &text) != CUPTI_SUCCESS || text == nullptr) text = "";
  std::string message(text, std::strcspn(text, "\n"));
  while (message.ends_with('.') || message.ends_with(' ')) message.pop_back();
  if (!message.empty() && message != name_of(result)) return message;
  return "it gives no reason; see by nvidia-smi that the driver and the GPU are there";
}

/// What to do; empty where CUPTI's own message says as much.
std::string advice_of(CUptiResult result) {
  switch (result) {
    case CUPTI_ERROR_INSUFFICIENT_PRIVILEGES:
      return "run as root, in a container with --cap-add=SYS_ADMIN, or let all users profile: load "
             "NVIDIA's kernel module with NVreg_RestrictProfilingToAdminUsers=0";
    case CUPTI_ERROR_VIRTUALIZED_DEVICE_INSUFFICIENT_PRIVILEGES:
    case CUPTI_ERROR_VIRTUALIZED_DEVICE_NOT_SUPPORTED:
      return "have the hypervisor allow profiling of this virtual GPU, or trace on a whole one";
    case CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED:
    case CUPTI_ERROR_DISABLED:
    case CUPTI_ERROR_HARDWARE_BUSY:
      return "another tool listens already: trace without nsys, ncu, cuda-gdb or compute-sanitizer";
    case CUPTI_ERROR_NOT_INITIALIZED:
      return "NVIDIA's driver is not there, or older than CUDA 13 needs: run nvidia-smi";
    case CUPTI_ERROR_CONFIDENTIAL_COMPUTING_NOT_SUPPORTED:
      return "the GPU is in confidential-computing mode, which allows no traces: turn it off";
    case CUPTI_ERROR_MIG_DEVICE_NOT_SUPPORTED:
      return "the GPU is a MIG instance that cannot be traced: trace on a whole one";
    default:
      return {};
  }
}

}  // namespace

std::string cupti_refusal(CUptiResult result, const std::string& what) {
  const std::string advice = advice_of(result);
  return fmt::format("CUPTI cannot {}: {} ({})", what, advice.empty() ? message_of(result) : advice,
                     name_of(result));
}

void check_cupti(CUptiResult result, const std::string& what) {
  if (result != CUPTI_SUCCESS) throw std::runtime_error(cupti_refusal(result, what));
}

}  // namespace worker
