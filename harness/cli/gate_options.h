#pragma once

#include <cstdint>
#include <string>

#include "harness/analysis/gate_result.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/gate_run.h"
#include "harness/cli/options.h"

namespace harness {

/// The options that `gate` and `selftest` have in common: SPEC, --memory-limit, --filter, --out,
/// --worker, --when-busy, --quiet, --rounds and --shared-runner.
class GateOptions {
 public:
  explicit GateOptions(const std::string& command);

  Options& common() { return common_; }
  const Options& common() const { return common_; }
  /// How to measure. `against` decides the default of --rounds (10 for time, of which there are
  /// statistics; 1 for memory) and the least that it may be. Throws UsageError.
  GateSetting setting(const Catalog& catalog, const SweepSpec& spec, GateAgainst against) const;

 private:
  Options common_;
  int64_t rounds_ = 0;  ///< 0: the default
  bool shared_runner_ = false;
};

/// What a gate's result says to the caller.
Outcome outcome_of(const GateRun& run);

}  // namespace harness
