#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

#include <c10/core/TensorOptions.h>

#include "model/batch.h"

namespace model {

struct WindowOptions {
  int64_t sequence_length = 384;
  int64_t sequences_per_step = 1;  ///< of the global batch: micro-batch * accumulation steps
  uint64_t seed = 1;               ///< of the shuffle
  int64_t vocabulary = std::numeric_limits<int64_t>::max();   ///< token ids must be below it
  int64_t token_types = std::numeric_limits<int64_t>::max();  ///< token types must be below it
  at::TensorOptions activations = {};  ///< device (cpu or meta) and dtype of the batches
  RowLayout row_layout = RowLayout::kPadded;
};

/// Tokenized SQuAD windows in a fixed shuffled order that wraps around: step s trains on the
/// windows [s * sequences_per_step, (s + 1) * sequences_per_step) of that order, whatever the
/// implementation, the flags and the micro-batch.
class WindowDataset {
 public:
  /// Read the tensors input_ids, attention_mask, token_type_ids, start_positions and end_positions
  /// of a safetensors file, and cut every window to the sequence length; an answer position beyond
  /// the cut becomes kIgnoredTarget. Throws checkpoint::SafetensorsError for a malformed file, and
  /// std::invalid_argument (one line, naming the file) for contents that do not fit.
  WindowDataset(const std::filesystem::path& file, const WindowOptions& options);

  int64_t size() const { return static_cast<int64_t>(windows_.size()); }

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
  std::vector<Window> sequences(uint64_t step, int64_t first_sequence, int64_t count) const;

  WindowOptions options_;
  std::vector<Window> windows_;  ///< shuffled
};

}  // namespace model
