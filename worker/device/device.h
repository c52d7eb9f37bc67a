#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/memory_footprint.h"
#include "train/pass_recorder.h"
#include "worker/memory/ledger.h"
#include "worker/memory/planning_scope.h"
#include "worker/memory/run_memory.h"
#include "worker/trace/activity_recorder.h"

namespace worker {

/// A training step, by its number; its loss, which need not be computed yet.
using Step = std::function<at::Tensor(uint64_t number)>;

/// What of running a cell is its device's own: where tensors lie, how memory is counted and
/// limited, how time is taken. One a device for the process.
class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  virtual at::Device torch_device() const = 0;
  virtual PlannedDevice kind() const = 0;

  /// Why it has no arithmetic of a precision that others of its kind have, one line; empty where it
  /// has.
  virtual std::string precision_problem(const std::string& /*precision*/) const { return {}; }

  /// Has libraries load and initialize what they do at their first use in float and in `dtype`, so
  /// that no step pays for it. Counts memory anew, without a limit.
  virtual void warm_up(at::ScalarType dtype) = 0;

  /// Counts memory anew, from nothing; blocks of earlier runs are no longer counted.
  virtual void begin_run(const RunOptions& options) = 0;
  /// Gives back what tensors that are gone have left in caches.
  virtual void trim() = 0;
  /// What the run has allocated; it is to be told of phases.
  virtual Ledger& ledger() = 0;
  virtual harness::MemoryFootprint footprint() const = 0;
  /// The last allocation of the run that was refused.
  virtual std::optional<Refusal> last_refusal() const = 0;

  /// What records the passes of the steps from now on, on a stream of its own that it makes current
  /// as long as it lives. Null where the device cannot.
  virtual std::unique_ptr<train::PassRecorder> make_recorder() { return nullptr; }

  /// Runs `step` with numbers 0 .. warmup - 1 untimed, then `count` more; the seconds of each of
  /// these. All work is done when it returns.
  virtual std::vector<double> time_steps(int64_t warmup, int64_t count, const Step& step) = 0;

  /// What records the device's part of a step; nullptr where operators are done when they return.
  /// Throws std::runtime_error where the device cannot be traced, with what to do.
  virtual std::unique_ptr<ActivityRecorder> activity_recorder() = 0;

  /// Why this process can use the device no more, one line with the error's name: what a kernel did
  /// that every later call reports as well. Empty while it can. Waits for what is queued.
  virtual std::string fault() { return {}; }

  /// Adds what a record says of the device and of its last timed steps to `environment`.
  virtual void describe(nlohmann::json& environment) const = 0;
};

}  // namespace worker
