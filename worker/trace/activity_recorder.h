#pragma once

#include "worker/trace/activity.h"
#include "worker/trace/span_listener.h"

namespace worker {

/// Records what a device does for the spans of a step: an activity belongs to the innermost span
/// that was open on the thread that launched it.
class ActivityRecorder : public SpanListener {
 public:
  /// Waits for the device; what it does from now on is kept. Throws std::runtime_error.
  virtual void start() = 0;
  /// Waits for the device; what it did since start(), by its begin, not empty. Throws
  /// std::runtime_error where something is missing.
  virtual Activities stop() = 0;
};

}  // namespace worker
