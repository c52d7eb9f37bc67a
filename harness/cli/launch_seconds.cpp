#include "harness/cli/launch_seconds.h"

namespace harness {
namespace {

constexpr const char* kKey = "launch_seconds";

}  // namespace

void set_launch_seconds(Record& record, double seconds) {
  record.environment[kKey] = seconds;
}

std::optional<double> launch_seconds(const Record& record) {
  if (!record.environment.is_object()) return std::nullopt;
  const auto found = record.environment.find(kKey);
  if (found == record.environment.end() || !found->is_number()) return std::nullopt;
  const auto seconds = found->get<double>();
  return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

}  // namespace harness
