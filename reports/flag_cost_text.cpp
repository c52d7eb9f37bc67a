#include "reports/flag_cost_text.h"

#include <cmath>

#include <fmt/format.h>

namespace reports {

/// What one decimal shows as zero gets no minus before it.
static double shown(double value) {
  return std::abs(value) < 0.05 ? 0 : value;
}

static std::string mebibytes(int64_t bytes) {
  return fmt::format("{:.1f} MiB", shown(static_cast<double>(bytes) / (1 << 20)));
}

/// "frees 24.0 MiB of the peak (in backward)", and why that may be less than what is not saved.
static std::string memory_text(const harness::FlagMemory& memory, bool several) {
  std::string text = fmt::format("{} {} of the peak (in {}", several ? "free" : "frees",
                                 mebibytes(memory.freed_bytes), memory.phase_before);
  if (memory.phase_after != memory.phase_before) {
    text += fmt::format(", then in {}", memory.phase_after);
  } else if (memory.phase_before == "optimizer") {
    text += ", when no activations are held";
  }
  text += ")";
  const std::optional<int64_t>& saved = memory.freed_saved_activations_bytes;
  if (saved && *saved != 0 && *saved != memory.freed_bytes) {
    text += fmt::format("; {} of saved activations", mebibytes(*saved));
  }
  return text;
}

std::string flag_cost_sentence(const harness::FlagCost& cost) {
  const bool several = cost.flags.find('+') != std::string::npos;
  std::string text = fmt::format("{} {} ", several ? "flags" : "flag", cost.flags);
  if (!cost.work.empty()) text += fmt::format("({}) ", cost.work);
  if (cost.time_cost_percent) {
    text += fmt::format("{} {:.1f} %", several ? "cost" : "costs", shown(*cost.time_cost_percent));
  } else {
    text += several ? "have no measured time cost" : "has no measured time cost";
  }
  if (cost.memory) text += ", " + memory_text(*cost.memory, several);
  if (cost.largest_micro_batch_before && cost.largest_micro_batch_after) {
    const int64_t before = *cost.largest_micro_batch_before;
    const int64_t after = *cost.largest_micro_batch_after;
    if (before == after) {
      text +=
          fmt::format(", {} the largest micro-batch at {}", several ? "leave" : "leaves", before);
    } else {
      text += fmt::format(", {}{} the largest micro-batch from {} to {}",
                          after > before ? "raise" : "lower", several ? "" : "s", before, after);
    }
  }
  if (cost.net_throughput) {
    text += fmt::format(", net {:+.1f} % (samples/s at micro-batch {} with, over {} without)",
                        shown(cost.net_throughput->percent), cost.net_throughput->micro_batch_after,
                        cost.net_throughput->micro_batch_before);
  }
  return text;
}

}  // namespace reports
