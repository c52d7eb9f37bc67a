#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include <cupti_activity.h>

#include "worker/trace/activity.h"

namespace worker {

/// The kind of external correlation by which CUPTI is told of spans; LibTorch's profiler has
/// others.
inline constexpr CUpti_ExternalCorrelationKind kSpanCorrelation =
    CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM2;

/// Makes activities of CUPTI's records. A kernel, copy or fill has a correlation number, and a
/// record of its own, before or after it, says within which span the host had launched that.
class CuptiRecords {
 public:
  /// Records of other kinds are passed over.
  void add(const CUpti_Activity& record);

  /// What has been added, by begin; nothing is left.
  Activities take();

  /// Of what has been added, what CUPTI had no times for; it is no activity.
  int64_t untimed() const { return untimed_; }

 private:
  struct Correlated {
    Activity activity;
    uint32_t correlation;
  };

  void add(Activity activity, uint64_t begin, uint64_t end, uint32_t correlation);

  std::vector<Correlated> activities_;
  std::unordered_map<uint32_t, uint64_t> launchers_;  ///< by correlation number
  int64_t untimed_ = 0;
};

}  // namespace worker
