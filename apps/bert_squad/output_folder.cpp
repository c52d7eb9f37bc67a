#include "apps/bert_squad/output_folder.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "checkpoint/step_folder.h"
#include "harness/harness_error.h"
#include "train/engine_checkpoint.h"

namespace apps {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw harness::UsageError(fmt::format("{}: {}", path.string(), what));
}

/// Whether a training writes a file of `entry`'s name before it has a checkpoint: the curve,
/// perhaps one that is still written ("loss_curve.csv.4711.tmp"), and the folder of checkpoints.
bool is_of_a_beginning(const std::filesystem::path& entry, const OutputFolder& output) {
  const std::string name = entry.filename().string();
  const std::string curve = output.curve().filename().string();
  return name == output.checkpoints().filename() || name == curve ||
         (name.starts_with(curve + ".") && name.ends_with(".tmp"));
}

/// Throws where `output` holds something that a training without a checkpoint has not written.
void check_beginning(const OutputFolder& output, std::error_code& error) {
  const auto refuse_other = [](const std::filesystem::path& entry) {
    refuse(entry,
           "--resume finds no checkpoint to go on from, and this is no part of a training that "
           "ended before its first; give another --output_dir, or take it away");
  };
  for (const auto& entry : std::filesystem::directory_iterator(output.folder, error)) {
    if (!is_of_a_beginning(entry.path(), output)) refuse_other(entry.path());
  }
  if (!std::filesystem::is_directory(output.checkpoints())) return;
  for (const auto& entry : std::filesystem::directory_iterator(output.checkpoints(), error)) {
    if (!checkpoint::is_step_name(entry.path().filename().string())) refuse_other(entry.path());
  }
}

}  // namespace

void check_output_folder(const std::filesystem::path& folder, bool resume) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return;
  if (!std::filesystem::is_directory(folder, error)) {
    refuse(folder, "not a directory; give another");
  }
  const OutputFolder output{folder};
  if (resume) {
    if (!train::has_engine_checkpoint(output.checkpoints())) check_beginning(output, error);
  } else if (!std::filesystem::is_empty(folder, error) && !error) {
    refuse(folder, "not empty; give another folder, or --resume to go on with the training in it");
  }
  if (error) refuse(folder, "cannot read this directory: " + error.message());
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
