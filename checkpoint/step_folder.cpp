#include "checkpoint/step_folder.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/latest_tag.h"

namespace checkpoint {
namespace {

using std::filesystem::path;

constexpr const char* kPrefix = "step-";
constexpr const char* kUnfinished = ".tmp";

[[noreturn]] void fail_to_create(const path& folder, const std::error_code& error) {
  throw CheckpointError(fmt::format("{}: cannot create: {}", folder.string(), error.message()));
}

std::string free_name(const path& parent, uint64_t step) {
  const std::string name = fmt::format("{}{:08}", kPrefix, step);
  std::string free = name;
  std::error_code ignored;
  for (int copy = 1; std::filesystem::exists(parent / free, ignored); ++copy) {
    free = fmt::format("{}.{}", name, copy);
  }
  return free;
}

void remove_leftovers(const path& parent) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kUnfinished) && is_step_name(name)) {
      std::filesystem::remove_all(entry.path(), ignored);
    }
  }
}

/// Sees to it that the names in `folder`, as they are now, survive the machine's crash.
void sync_names(const path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Some file systems have nothing to sync in a folder and say EINVAL.
  const bool synced = descriptor >= 0 && (::fsync(descriptor) == 0 || errno == EINVAL);
  const std::string reason = std::generic_category().message(errno);
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw CheckpointError(fmt::format("{}: cannot write: {}", folder.string(), reason));
}

}  // namespace

bool is_step_name(const std::string& name) {
  return name.starts_with(kPrefix) || name.starts_with(kLatestTag);
}

StepFolder::StepFolder(const path& parent, uint64_t step)
    : place_(parent / free_name(parent, step)), unfinished_(place_) {
  unfinished_ += kUnfinished;
}

void StepFolder::create() const {
  remove_leftovers(place_.parent_path());
  std::error_code error;
  const bool created = std::filesystem::create_directory(unfinished_, error);
  if (!created && !error) error = std::make_error_code(std::errc::file_exists);
  if (error) fail_to_create(unfinished_, error);
}

void StepFolder::finish() const {
  sync_names(unfinished_);
  std::error_code error;
  std::filesystem::rename(unfinished_, place_, error);
  if (error) fail_to_create(place_, error);
  sync_names(place_.parent_path());
  // Last of all: from here on the folder must stay.
  write_latest_tag(place_.parent_path() / kLatestTag, place_.filename().string());
}

void StepFolder::remove() const {
  std::error_code ignored;
  std::filesystem::remove_all(unfinished_, ignored);
  std::filesystem::remove_all(place_, ignored);
}

}  // namespace checkpoint
