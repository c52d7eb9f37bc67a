#include "harness/launch/footprint_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"
#include "harness/protocol/record.h"

namespace harness {

void check_footprint(const MemoryFootprint& memory) {
  const auto& parts = memory.at_peak;
  const int64_t least =
      std::min({memory.peak_bytes, parts.weights, parts.gradients, parts.optimizer_state,
                parts.saved_activations, parts.workspace, parts.other, memory.library_scratch_bytes,
                memory.reserved_bytes.value_or(0)});
  if (least < 0) throw ProtocolError(fmt::format("the worker returned {} bytes of memory", least));
  // A part above the peak first: sums of such parts might overflow.
  const bool adds_up =
      std::max({parts.weights, parts.gradients, parts.optimizer_state, parts.saved_activations,
                parts.workspace, parts.other}) <= memory.peak_bytes &&
      parts.total() == memory.peak_bytes;
  if (!adds_up) {
    throw ProtocolError(
        fmt::format("the worker returned a peak of {} bytes that its parts do not add up to",
                    memory.peak_bytes));
  }
  if (memory.library_scratch_bytes > memory.peak_bytes) {
    throw ProtocolError(fmt::format("the worker returned {} bytes of scratch in a peak of {}",
                                    memory.library_scratch_bytes, memory.peak_bytes));
  }
  parse_phase(memory.peak_phase);
}

}  // namespace harness
