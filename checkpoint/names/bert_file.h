#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/names/weight_name.h"
#include "checkpoint/tensor_file.h"

namespace checkpoint::names {

/// A BERT checkpoint of any format and naming as HuggingFace has it: tensors() are the weights of
/// encoder, pooler and span head, under HuggingFace's names, Q, K and V apart, matrices as
/// [outputs, inputs]; order and dtypes are the file's. Of "module" and "model_state_dict" in one
/// file of DeepSpeed, the weights are those of "module".
class BertFile : public TensorFile {
 public:
  /// `vocabulary`: give the word embeddings that many rows, where both counts differ only by
  /// padding to a multiple of 8; padding rows are zero. Throws CheckpointError: no weights of BERT
  /// at all, a weight that comes twice (Q, K and V beside a packed one), a packed weight whose rows
  /// are no multiple of 3, a matrix that is none, another vocabulary.
  explicit BertFile(std::shared_ptr<const TensorFile> source,
                    std::optional<int64_t> vocabulary = std::nullopt);

  /// Names, as the file has them, of tensors that nothing is known about.
  const std::vector<std::string>& unknown() const { return unknown_; }
  /// It has the LayerNorm that Pre-LN models have after their last layer.
  bool is_pre_layer_norm() const;

 private:
  struct Source {
    size_t tensor = 0;
    Part part = Part::kWhole;
    bool transposed = false;
  };

  void add_weight(size_t tensor, const WeightName& weight, std::optional<int64_t> vocabulary);
  void read_tensor(size_t index, std::span<std::byte> destination) const override;

  std::shared_ptr<const TensorFile> source_;
  std::vector<Source> sources_;
  std::vector<std::string> unknown_;
};

}  // namespace checkpoint::names
