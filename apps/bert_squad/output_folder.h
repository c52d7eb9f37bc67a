#pragma once

#include <filesystem>

namespace apps {

/// Where a training puts its files.
struct OutputFolder {
  std::filesystem::path folder;

  std::filesystem::path checkpoints() const { return folder / "checkpoints"; }
  std::filesystem::path curve() const { return folder / "loss_curve.csv"; }
  std::filesystem::path picture() const { return folder / "loss_curve.svg"; }
  std::filesystem::path report() const { return folder / "report.md"; }
  std::filesystem::path weights() const { return folder / "model.safetensors"; }
  std::filesystem::path config() const { return folder / "config.json"; }
  std::filesystem::path vocabulary() const { return folder / "vocab.txt"; }
};

/// Throws harness::UsageError where `folder` is no directory that a training may write to. It must
/// be absent or empty; with `resume` it may hold a checkpoint, whatever lies beside that, or else
/// what a training leaves that ended before its first: a loss curve and checkpoints that were not
/// finished.
void check_output_folder(const std::filesystem::path& folder, bool resume);

/// Creates it. Throws harness::UsageError.
void create_output_folder(const std::filesystem::path& folder);

}  // namespace apps
