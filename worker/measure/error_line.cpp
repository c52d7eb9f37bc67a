#include "worker/measure/error_line.h"

#include <string_view>

#include <fmt/format.h>

namespace worker {
namespace {

/// NAME of "Search for `NAME' in https://docs.nvidia.com/...", or empty.
std::string_view name_of_cuda_error(std::string_view message) {
  constexpr std::string_view kBefore = "\nSearch for `";
  const auto found = message.find(kBefore);
  if (found == message.npos) return {};
  const auto name = message.substr(found + kBefore.size());
  return name.substr(0, name.find('\''));
}

}  // namespace

std::string error_line(const std::string& message) {
  const auto line = message.substr(0, message.find('\n'));
  if (line.empty()) return "an exception without a message";
  const auto name = name_of_cuda_error(message);
  return name.empty() ? line : fmt::format("{} ({})", line, name);
}

}  // namespace worker
