// Stands in for libnvidia-ml.so.1: one GPU at 0000:65:00.0, whose answers nvml_test.cpp expects.

#include <cstring>

extern "C" {

struct Process {
  unsigned pid;
  unsigned long long used_bytes;
  unsigned gpu_instance;
  unsigned compute_instance;
};

static int device;

int nvmlInit_v2() {
  return 0;
}

int nvmlShutdown() {
  return 0;
}

const char* nvmlErrorString(int status) {
  return status == 6 ? "Not Found" : "Unknown Error";
}

int nvmlDeviceGetHandleByPciBusId_v2(const char* address, void** handle) {
  constexpr int kNotFound = 6;
  if (std::strcmp(address, "0000:65:00.0") != 0) return kNotFound;
  *handle = &device;
  return 0;
}

int nvmlDeviceGetClockInfo(void* /*handle*/, int which, unsigned* mhz) {
  *mhz = which == 1 ? 1410 : 1593;
  return 0;
}

int nvmlDeviceGetTemperature(void* /*handle*/, int /*sensor*/, unsigned* celsius) {
  *celsius = 71;
  return 0;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void* /*handle*/, unsigned long long* reasons) {
  *reasons = 0x1 | 0x2 | 0x4 | 0x40;  // idle, clocks set, power cap, thermal by hardware
  return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void* /*handle*/, unsigned* count, void* list) {
  constexpr unsigned kProcesses = 40;
  constexpr int kInsufficientSize = 7;
  const bool fits = *count >= kProcesses;
  *count = kProcesses;
  if (!fits) return kInsufficientSize;
  for (unsigned i = 0; i < kProcesses; ++i) static_cast<Process*>(list)[i] = {i, 1, 0, 0};
  return 0;
}

}  // extern "C"
