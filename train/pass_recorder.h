#pragma once

#include <functional>

namespace train {

/// What became of the passes that a PassRecorder was handed.
enum class PassRun {
  kOnce,      ///< they ran, and nothing of it is kept
  kRecorded,  ///< they were recorded, and what was recorded ran
  kPlayed,    ///< what was recorded before ran, on the tensors of then
};

/// Runs a step's forward and backward passes: as they are, or recorded once and played from then on
/// (a CUDA graph). Played work reads and writes the memory that it was recorded with, and every
/// number that it took from the host is what it was.
class PassRecorder {
 public:
  PassRecorder() = default;
  PassRecorder(const PassRecorder&) = delete;
  PassRecorder& operator=(const PassRecorder&) = delete;
  virtual ~PassRecorder() = default;

  /// `passes` are the same work at every call.
  virtual PassRun run(const std::function<void()>& passes) = 0;
};

}  // namespace train
