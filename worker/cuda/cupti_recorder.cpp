#include "worker/cuda/cupti_recorder.h"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "worker/cuda/cupti_error.h"

namespace worker {
namespace {

/// CUPTI asks for another when one is full.
constexpr size_t kBufferBytes = size_t{4} << 20;

constexpr CUpti_ActivityKind kKinds[] = {
    CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION,
    // Only where calls are recorded CUPTI says in which span they were made.
    CUPTI_ACTIVITY_KIND_RUNTIME,
    CUPTI_ACTIVITY_KIND_DRIVER,
    CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL,
    CUPTI_ACTIVITY_KIND_MEMCPY,
    CUPTI_ACTIVITY_KIND_MEMSET,
};

/// The callbacks are plain functions; this is where they find their recorder, which stays while
/// they hold the mutex.
std::mutex active_mutex;
CuptiRecorder* active = nullptr;

/// The clock of spans.
uint64_t now_ns() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
}

}  // namespace

void CuptiRecorder::Kinds::disable() {
  for (const CUpti_ActivityKind kind : enabled_) cuptiActivityDisable(kind);
  enabled_.clear();
}

void CuptiRecorder::Kinds::enable(CUpti_ActivityKind kind) {
  check_cupti(cuptiActivityEnable(kind), "record what the GPU does");
  enabled_.push_back(kind);
}

CuptiRecorder::CuptiRecorder() {
  {
    const std::lock_guard lock(active_mutex);
    if (active != nullptr) throw std::logic_error("another CuptiRecorder records already");
  }
  check_cupti(cuptiActivityRegisterTimestampCallback(&now_ns), "take times by the host's clock");
  check_cupti(cuptiActivityRegisterCallbacks(&give_buffer, &take_buffer),
              "hand over what it records");
  for (const CUpti_ActivityKind kind : kKinds) kinds_.enable(kind);
  const std::lock_guard lock(active_mutex);
  active = this;
}

CuptiRecorder::~CuptiRecorder() {
  {
    const std::lock_guard lock(active_mutex);
    active = nullptr;
  }
  kinds_.disable();
  // What CUPTI still holds is thrown away, so that it does not come to a later recorder.
  cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
}

void CuptiRecorder::start() {
  flush();
  const std::lock_guard lock(mutex_);
  records_.take();
  dropped_ = 0;
  failure_ = CUPTI_SUCCESS;
  recording_ = true;
}

Activities CuptiRecorder::stop() {
  flush();
  const std::lock_guard lock(mutex_);
  recording_ = false;
  check_cupti(failure_, "tell what launched a kernel");
  const auto lost = static_cast<int64_t>(dropped_) + records_.untimed();
  if (lost > 0) {
    throw std::runtime_error(
        fmt::format("CUPTI lost {} records of the step, whose times would be wrong without them: "
                    "leave it more memory, by a smaller micro-batch or memory limit",
                    lost));
  }
  auto activities = records_.take();
  if (activities.empty()) {
    throw std::runtime_error(
        "CUPTI recorded nothing of what the GPU did in the step: trace without nsys, ncu, cuda-gdb "
        "or compute-sanitizer, and see that the driver is not older than CUDA 13 needs");
  }
  return activities;
}

void CuptiRecorder::began(uint64_t id) {
  note(cuptiActivityPushExternalCorrelationId(kSpanCorrelation, id));
}

void CuptiRecorder::ended() {
  note(cuptiActivityPopExternalCorrelationId(kSpanCorrelation, nullptr));
}

void CuptiRecorder::note(CUptiResult result) {
  if (result == CUPTI_SUCCESS) return;
  const std::lock_guard lock(mutex_);
  if (failure_ == CUPTI_SUCCESS) failure_ = result;
}

void CuptiRecorder::flush() {
  if (const cudaError_t status = cudaDeviceSynchronize(); status != cudaSuccess) {
    throw std::runtime_error(fmt::format("the GPU failed in a step that was to be traced: {} ({})",
                                         cudaGetErrorString(status), cudaGetErrorName(status)));
  }
  check_cupti(cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED),
              "hand over what it recorded");
}

void CuptiRecorder::give_buffer(uint8_t** buffer, size_t* bytes, size_t* most_records) {
  *buffer = static_cast<uint8_t*>(std::malloc(kBufferBytes));  // aligned by more than records are
  *bytes = *buffer == nullptr ? 0 : kBufferBytes;
  *most_records = 0;  // as many as there is room for
}

void CuptiRecorder::take_buffer(CUcontext /*context*/, uint32_t /*stream*/, uint8_t* buffer,
                                size_t /*bytes*/, size_t valid_bytes) {
  {
    const std::lock_guard lock(active_mutex);
    if (active != nullptr) active->read(buffer, valid_bytes);
  }
  std::free(buffer);
}

void CuptiRecorder::read(uint8_t* buffer, size_t valid_bytes) {
  const std::lock_guard lock(mutex_);
  if (!recording_) return;
  CUpti_Activity* record = nullptr;
  while (cuptiActivityGetNextRecord(buffer, valid_bytes, &record) == CUPTI_SUCCESS) {
    records_.add(*record);
  }
  size_t dropped = 0;
  if (cuptiActivityGetNumDroppedRecords(nullptr, 0, &dropped) == CUPTI_SUCCESS) dropped_ += dropped;
}

}  // namespace worker
