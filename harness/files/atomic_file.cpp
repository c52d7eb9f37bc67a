#include "harness/files/atomic_file.h"

#include "files/atomic_file.h"
#include "files/file_error.h"
#include "harness/harness_error.h"

namespace harness {

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  try {
    files::write_file_atomically(path, text);
  } catch (const files::FileError& error) {
    throw HarnessError(error.what());
  }
}

}  // namespace harness
