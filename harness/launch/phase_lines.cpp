#include "harness/launch/phase_lines.h"

#include <algorithm>
#include <optional>

#include "harness/protocol/whereabouts.h"

namespace harness {
namespace {

constexpr std::string_view kPrefix = "phase: ";

std::optional<Phase> phase_of(std::string_view line) {
  if (!line.starts_with(kPrefix)) return std::nullopt;
  line.remove_prefix(kPrefix.size());
  for (const auto phase : {Phase::kSetup, Phase::kForward, Phase::kBackward, Phase::kOptimizer}) {
    if (line == to_string(phase)) return phase;
  }
  return std::nullopt;
}

}  // namespace

WorkerWords split_phase_lines(std::string_view error_tail) {
  WorkerWords words;
  while (!error_tail.empty()) {
    const auto end = std::min(error_tail.find('\n'), error_tail.size());
    const auto line = error_tail.substr(0, end);
    error_tail.remove_prefix(std::min(end + 1, error_tail.size()));
    if (const auto phase = phase_of(line)) {
      words.phase = *phase;
    } else if (line.starts_with(kWherePrefix)) {
      words.where = line.substr(kWherePrefix.size());
    } else {
      words.messages.append(line).push_back('\n');
    }
  }
  return words;
}

}  // namespace harness
