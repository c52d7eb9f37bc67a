#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace checkpoint {

/// The folder of a new checkpoint, beside those of earlier steps and the file `latest`, which names
/// the newest. Its files are written to unfinished(); finish() puts it at place() and lets `latest`
/// name it. At any moment, whatever fails, `latest` names a whole folder, and earlier ones are as
/// they were. Members throw CheckpointError where a folder cannot be written.
class StepFolder {
 public:
  /// Of `step` in `parent`: step-00000120, or where there is one already step-00000120.1, ...
  /// Nothing is created.
  StepFolder(const std::filesystem::path& parent, uint64_t step);

  const std::filesystem::path& place() const { return place_; }
  const std::filesystem::path& unfinished() const { return unfinished_; }

  /// Creates unfinished(), and removes what processes that were killed have left unfinished.
  void create() const;
  void finish() const;
  /// Removes it, finished or not.
  void remove() const;

 private:
  std::filesystem::path place_;
  std::filesystem::path unfinished_;
};

/// Whether a folder of checkpoints holds files of this name for a StepFolder: step-00000120,
/// finished or not, or what `latest` is written to before it has that name.
bool is_step_name(const std::string& name);

}  // namespace checkpoint
