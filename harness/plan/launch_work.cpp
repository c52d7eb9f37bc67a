#include "harness/plan/launch_work.h"

namespace harness {

double launch_work(const Cell& cell) {
  const auto hidden = static_cast<double>(cell.model.hidden);
  const auto length = static_cast<double>(cell.sequence_length);
  const double per_token = 4 * hidden * hidden +
                           2 * hidden * static_cast<double>(cell.model.intermediate) +
                           2 * length * hidden;
  const auto steps = static_cast<double>(cell.measure.warmup_steps + cell.measure.steps);
  return steps * static_cast<double>(cell.sequences_per_step() * cell.model.layers) * length *
         per_token;
}

}  // namespace harness
