#include "harness/store/trace_file.h"

#include <system_error>

#include <fmt/format.h>

#include "harness/harness_error.h"

namespace harness {
namespace {

constexpr const char* kFolder = "trace";

}  // namespace

std::string trace_file(const Cell& cell) {
  return fmt::format("{}/{}_mb{}_s{}_{}_{}_{}.json", kFolder, cell.implementation, cell.micro_batch,
                     cell.sequence_length, cell.precision, cell.flags_text(), cell_key(cell));
}

void copy_traces(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  if (!std::filesystem::exists(from / kFolder, error)) return;
  std::filesystem::copy(
      from / kFolder, to / kFolder,
      std::filesystem::copy_options::skip_existing | std::filesystem::copy_options::recursive,
      error);
  if (error) {
    throw HarnessError(fmt::format("cannot copy {} to {}: {}", (from / kFolder).string(),
                                   (to / kFolder).string(), error.message()));
  }
}

void create_trace_folder(const std::filesystem::path& run_directory) {
  std::error_code error;
  std::filesystem::create_directories(run_directory / kFolder, error);
  if (error) {
    throw HarnessError(fmt::format("cannot create the folder {}: {}",
                                   (run_directory / kFolder).string(), error.message()));
  }
}

}  // namespace harness
