#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/names/bert_file.h"

namespace checkpoint::names {

/// A weight that a model has, by its HuggingFace name.
struct ExpectedWeight {
  std::string name;
  std::vector<int64_t> shape;
};

struct WeightMatch {
  std::vector<size_t> places;          ///< in the file's tensors(), by expected weight
  std::vector<std::string> head;       ///< weights of the span head that the file lacks
  std::vector<std::string> passed_by;  ///< tensors of the file that the model has no use for

  static constexpr size_t kMissing = SIZE_MAX;  ///< place of a weight in `head`
};

/// Find a model's weights in a file. Only the span head (qa_outputs.*) may be missing. Throws
/// CheckpointError, listing names as the file would have them: weights missing, encoder layers that
/// the model does not have, shapes that differ, Pre-LN weights for a Post-LN model or the other way
/// round.
WeightMatch match_weights(const BertFile& file, std::span<const ExpectedWeight> expected,
                          bool pre_layer_norm);

}  // namespace checkpoint::names
