#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "worker/trace/activity.h"
#include "worker/trace/span.h"

namespace worker {

/// Where in a step an activity was launched. Pointers into the spans; nullptr where there is none.
struct LaunchPlace {
  const Span* owner = nullptr;  ///< the operator or autograd node that it counts for
  const Span* node = nullptr;   ///< the autograd node around it
  const Span* layer = nullptr;  ///< the innermost, of the forward or of the backward pass
  std::string phase;            ///< empty outside of all
};

/// Finds the spans that launched activities. An activity counts for the operator whose FLOPs it
/// computes, if one around it has FLOPs, else for the innermost operator or node.
class Launchers {
 public:
  /// `spans` after count_once(), by which at most one of nested spans has FLOPs; must outlive this.
  explicit Launchers(const Spans& spans);

  LaunchPlace place_of(const Activity& activity) const;

 private:
  const Spans& spans_;
  Spans phases_;
  std::unordered_map<uint64_t, const Span*> by_id_;
};

}  // namespace worker
