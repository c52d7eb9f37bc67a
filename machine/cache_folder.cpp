#include "machine/cache_folder.h"

#include <cstdlib>

namespace machine {
namespace {

/// The absolute path that a variable holds; the specification has others ignored.
std::optional<std::filesystem::path> folder_in(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || !std::filesystem::path(value).is_absolute()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::filesystem::path> cache_folder() {
  if (const auto cache = folder_in("XDG_CACHE_HOME")) return *cache / "bench_sweep";
  if (const auto home = folder_in("HOME")) return *home / ".cache" / "bench_sweep";
  return std::nullopt;
}

}  // namespace machine
