#include "apps/bert_squad/output_folder.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "harness/harness_error.h"

namespace apps {

void check_output_folder(const std::filesystem::path& folder, bool resume) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return;
  if (!std::filesystem::is_directory(folder, error)) {
    throw harness::UsageError(fmt::format("{}: not a directory; give another", folder.string()));
  }
  if (!resume && !std::filesystem::is_empty(folder, error) && !error) {
    throw harness::UsageError(fmt::format(
        "{}: not empty; give another folder, or --resume to go on with the training in it",
        folder.string()));
  }
  if (error) {
    throw harness::UsageError(
        fmt::format("{}: cannot read this directory: {}", folder.string(), error.message()));
  }
}

void create_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw harness::UsageError(fmt::format("{}: cannot create this directory: {}; give another",
                                          folder.string(), error.message()));
  }
}

}  // namespace apps
