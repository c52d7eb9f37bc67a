#include "reports/atomic_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/harness_error.h"

namespace reports {

void write_file_atomically(const std::filesystem::path& file, const std::string& content) {
  const std::filesystem::path temporary = fmt::format("{}.{}.tmp", file.string(), getpid());
  std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  std::error_code error;
  if (stream) {
    std::filesystem::rename(temporary, file, error);
    if (!error) return;
  } else {
    error.assign(errno, std::generic_category());
  }
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  throw harness::HarnessError(
      fmt::format("{}: cannot be written: {}", file.string(), error.message()));
}

}  // namespace reports
