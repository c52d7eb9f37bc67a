#include "worker/cuda/cupti_records.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <cxxabi.h>

namespace worker {
namespace {

/// A kernel's name as its source has it.
std::string readable(const char* name) {
  if (name == nullptr) return "unnamed kernel";
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : name;  // a C function's name is its own
}

std::string copy_name(uint8_t kind) {
  switch (kind) {
    case CUPTI_ACTIVITY_MEMCPY_KIND_HTOD:
      return "copy host to device";
    case CUPTI_ACTIVITY_MEMCPY_KIND_DTOH:
      return "copy device to host";
    case CUPTI_ACTIVITY_MEMCPY_KIND_DTOD:
      return "copy on the device";
    default:
      return "copy";
  }
}

/// Of the device's memory: what stays on the device is read there and written there.
int64_t copied_bytes(const CUpti_ActivityMemcpy6& copy) {
  const auto bytes = static_cast<int64_t>(copy.bytes);
  return copy.copyKind == CUPTI_ACTIVITY_MEMCPY_KIND_DTOD ? 2 * bytes : bytes;
}

/// CUPTI's records begin with their kind.
template <class Record>
const Record& as(const CUpti_Activity& record) {
  return reinterpret_cast<const Record&>(record);
}

}  // namespace

void CuptiRecords::add(const CUpti_Activity& record) {
  switch (record.kind) {
    case CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION: {
      const auto& link = as<CUpti_ActivityExternalCorrelation>(record);
      if (link.externalKind == kSpanCorrelation) launchers_[link.correlationId] = link.externalId;
      break;
    }
    case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL: {
      const auto& kernel = as<CUpti_ActivityKernel10>(record);
      Activity activity;
      activity.name = readable(kernel.name);
      activity.kind = ActivityKind::kKernel;
      activity.stream = kernel.streamId;
      add(std::move(activity), kernel.start, kernel.end, kernel.correlationId);
      break;
    }
    case CUPTI_ACTIVITY_KIND_MEMCPY: {
      const auto& copy = as<CUpti_ActivityMemcpy6>(record);
      Activity activity;
      activity.name = copy_name(copy.copyKind);
      activity.kind = ActivityKind::kCopy;
      activity.stream = copy.streamId;
      activity.bytes = copied_bytes(copy);
      add(std::move(activity), copy.start, copy.end, copy.correlationId);
      break;
    }
    case CUPTI_ACTIVITY_KIND_MEMSET: {
      const auto& fill = as<CUpti_ActivityMemset4>(record);
      Activity activity;
      activity.name = "fill";
      activity.kind = ActivityKind::kFill;
      activity.stream = fill.streamId;
      activity.bytes = static_cast<int64_t>(fill.bytes);
      add(std::move(activity), fill.start, fill.end, fill.correlationId);
      break;
    }
    default:
      break;
  }
}

void CuptiRecords::add(Activity activity, uint64_t begin, uint64_t end, uint32_t correlation) {
  if (begin == 0 || end < begin) {
    ++untimed_;
    return;
  }
  activity.begin_ns = static_cast<int64_t>(begin);
  activity.end_ns = static_cast<int64_t>(end);
  activities_.push_back({std::move(activity), correlation});
}

Activities CuptiRecords::take() {
  Activities activities;
  for (Correlated& correlated : activities_) {
    const auto launcher = launchers_.find(correlated.correlation);
    if (launcher != launchers_.end()) correlated.activity.launcher = launcher->second;
    activities.push_back(std::move(correlated.activity));
  }
  std::stable_sort(activities.begin(), activities.end(),
                   [](const Activity& a, const Activity& b) { return a.begin_ns < b.begin_ns; });
  *this = CuptiRecords();
  return activities;
}

}  // namespace worker
