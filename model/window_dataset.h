#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <c10/core/TensorOptions.h>

#include "model/batch.h"
#include "model/epoch_order.h"

namespace model {

struct WindowOptions {
  int64_t sequence_length = 384;
  int64_t sequences_per_step = 1;  ///< of the global batch: micro-batch * accumulation steps
  uint64_t seed = 1;               ///< of the shuffle
  int64_t vocabulary = std::numeric_limits<int64_t>::max();   ///< token ids must be below it
  int64_t token_types = std::numeric_limits<int64_t>::max();  ///< token types must be below it
  at::TensorOptions activations = {};  ///< device (cpu or meta) and dtype of the batches
  RowLayout row_layout = RowLayout::kPadded;
  std::string source = "data";  ///< what errors call the windows: their file
};

/// Windows in an endless order, shuffled anew each epoch: step s trains on the windows
/// [s * sequences_per_step, (s + 1) * sequences_per_step) of that order, across the end of an epoch
/// too, whatever the implementation, the flags and the micro-batch. What a step holds follows from
/// its number, so that a number is all that a run needs to go on, and each process of a run may
/// take its share of a step. One thread at a time.
class WindowDataset {
 public:
  /// Every window is cut to the sequence length; an answer position beyond the cut becomes
  /// kIgnoredTarget. Throws std::invalid_argument (one line, naming the source) where there is no
  /// window, or an id or a position does not fit.
  WindowDataset(std::shared_ptr<const std::vector<Window>> windows, const WindowOptions& options);
  WindowDataset(std::vector<Window> windows, const WindowOptions& options);

  int64_t size() const { return static_cast<int64_t>(windows_->size()); }

  /// Sequences [first_sequence, first_sequence + micro_batch) of the global batch of `step`.
  Batch batch(uint64_t step, int64_t first_sequence, int64_t micro_batch) const;

  /// Real tokens of the global batch of `step`, padding not counted.
  int64_t tokens(uint64_t step) const;

  /// The layout that `batch` would have, without its mask and without reading the tokens.
  SequenceLayout layout(uint64_t step, int64_t first_sequence, int64_t micro_batch) const;

  /// Targets of the whole global batch of `step`, by which its loss is normalized.
  TargetCounts targets(uint64_t step) const;

  const WindowOptions& options() const { return options_; }

 private:
  const Window& at(uint64_t step, int64_t sequence) const;
  std::vector<int64_t> lengths(uint64_t step, int64_t first_sequence, int64_t count) const;

  WindowOptions options_;
  std::shared_ptr<const std::vector<Window>> windows_;  ///< not cut
  EpochOrder order_;
};

}  // namespace model
