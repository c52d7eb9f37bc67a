#include "tests/worker/cuda/fake_cupti.h"

#include <cstring>

#include <cuda_runtime_api.h>

namespace {

template <class Record>
void append(std::vector<uint8_t>& records, const Record& record) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(&record);
  records.insert(records.end(), bytes, bytes + sizeof record);
}

size_t size_of(CUpti_ActivityKind kind) {
  switch (kind) {
    case CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION:
      return sizeof(CUpti_ActivityExternalCorrelation);
    case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL:
      return sizeof(CUpti_ActivityKernel10);
    default:
      return sizeof(CUpti_ActivityAPI);
  }
}

}  // namespace

FakeCupti& FakeCupti::instance() {
  static FakeCupti fake;
  return fake;
}

void FakeCupti::launch(const char* name) {
  ++launches;
  if (!spans.empty() && enabled.contains(CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION)) {
    CUpti_ActivityExternalCorrelation link{};
    link.kind = CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION;
    link.externalKind = CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM2;
    link.externalId = spans.back();
    link.correlationId = launches;
    append(records, link);
  }
  if (enabled.contains(CUPTI_ACTIVITY_KIND_RUNTIME)) {
    CUpti_ActivityAPI call{};
    call.kind = CUPTI_ACTIVITY_KIND_RUNTIME;
    call.correlationId = launches;
    append(records, call);
  }
  if (enabled.contains(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL)) {
    CUpti_ActivityKernel10 kernel{};
    kernel.kind = CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL;
    kernel.name = name;
    kernel.correlationId = launches;
    kernel.start = clock();
    kernel.end = clock();
    append(records, kernel);
  }
}

extern "C" {

cudaError_t cudaDeviceSynchronize() {
  return cudaSuccess;
}

CUptiResult cuptiActivityRegisterTimestampCallback(CUpti_TimestampCallbackFunc clock) {
  FakeCupti::instance().clock = clock;
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityRegisterCallbacks(CUpti_BuffersCallbackRequestFunc request,
                                           CUpti_BuffersCallbackCompleteFunc complete) {
  FakeCupti::instance().request = request;
  FakeCupti::instance().complete = complete;
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityEnable(CUpti_ActivityKind kind) {
  auto& fake = FakeCupti::instance();
  if (fake.refused.contains(kind)) return fake.refused.at(kind);
  fake.enabled.insert(kind);
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityDisable(CUpti_ActivityKind kind) {
  FakeCupti::instance().enabled.erase(kind);
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityPushExternalCorrelationId(CUpti_ExternalCorrelationKind /*kind*/,
                                                   uint64_t id) {
  FakeCupti::instance().spans.push_back(id);
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityPopExternalCorrelationId(CUpti_ExternalCorrelationKind /*kind*/,
                                                  uint64_t* /*last*/) {
  auto& spans = FakeCupti::instance().spans;
  if (spans.empty()) return CUPTI_ERROR_QUEUE_EMPTY;
  spans.pop_back();
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityFlushAll(uint32_t /*flag*/) {
  auto& fake = FakeCupti::instance();
  if (fake.records.empty()) return CUPTI_SUCCESS;
  uint8_t* buffer = nullptr;
  size_t bytes = 0;
  size_t most_records = 0;
  fake.request(&buffer, &bytes, &most_records);
  if (buffer == nullptr || bytes < fake.records.size()) return CUPTI_ERROR_OUT_OF_MEMORY;
  const size_t valid_bytes = fake.records.size();
  std::memcpy(buffer, fake.records.data(), valid_bytes);
  fake.records.clear();
  fake.complete(nullptr, 0, buffer, bytes, valid_bytes);
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityGetNextRecord(uint8_t* buffer, size_t valid_bytes,
                                       CUpti_Activity** record) {
  auto* next = buffer;
  if (*record != nullptr) next = reinterpret_cast<uint8_t*>(*record) + size_of((*record)->kind);
  if (next >= buffer + valid_bytes) return CUPTI_ERROR_MAX_LIMIT_REACHED;
  *record = reinterpret_cast<CUpti_Activity*>(next);
  return CUPTI_SUCCESS;
}

CUptiResult cuptiActivityGetNumDroppedRecords(CUcontext /*context*/, uint32_t /*stream*/,
                                              size_t* dropped) {
  *dropped = FakeCupti::instance().dropped;
  FakeCupti::instance().dropped = 0;
  return CUPTI_SUCCESS;
}

}  // extern "C"
