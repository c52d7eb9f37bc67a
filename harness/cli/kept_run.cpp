#include "harness/cli/kept_run.h"

#include <utility>

#include "harness/store/run_directory.h"

namespace harness {
namespace {

std::filesystem::path created(const std::filesystem::path& directory) {
  create_run_directory({directory, {}});
  return directory;
}

}  // namespace

KeptRun::KeptRun(const std::filesystem::path& directory, RunInfo info)
    : info_(std::move(info)), log_(records_path(created(directory))) {
  write_run_info(directory, info_);
}

void KeptRun::keep(const Record& record) {
  log_.append(record);
  records_.push_back(record);
}

}  // namespace harness
