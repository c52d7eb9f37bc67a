#include "harness/cli/progress_bar.h"

namespace harness {

std::string progress_bar(int64_t done, int64_t all, int64_t cells) {
  const auto full = static_cast<std::size_t>(done * cells / all);
  return "[" + std::string(full, '#') + std::string(static_cast<std::size_t>(cells) - full, '.') +
         "]";
}

}  // namespace harness
