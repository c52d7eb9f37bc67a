#include "harness/store/earlier_runs.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "harness/store/run_directory.h"

namespace harness {

std::vector<std::filesystem::path> earlier_runs(const std::string& name) {
  const auto base =
      run_location(name, std::nullopt, std::chrono::system_clock::now()).directory.parent_path();
  std::vector<std::filesystem::path> runs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(base, error)) {
    const bool is_run = !entry.is_symlink(error) &&
                        std::filesystem::is_regular_file(records_path(entry.path()), error);
    if (is_run) runs.push_back(entry.path());
  }
  // Their names are their UTC times.
  std::sort(runs.begin(), runs.end(), std::greater());
  return runs;
}

}  // namespace harness
