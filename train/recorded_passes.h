#pragma once

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/batch.h"
#include "model/bert_for_squad.h"
#include "train/pass_recorder.h"

namespace train {

/// What a step's passes read: its micro-batches, and what its loss is divided by.
struct StepInputs {
  std::vector<model::Batch> batches;
  model::TargetCounts targets;
};

/// A step's passes by a PassRecorder: every step's inputs are copied to where those of the first
/// are, and the gradients that the passes leave are where the recorded ones left them.
class RecordedPasses {
 public:
  /// Both must outlive this.
  RecordedPasses(const model::BertForSquad& bert, PassRecorder& recorder)
      : bert_(bert), recorder_(recorder) {}

  /// Forward and backward over `inputs`, from no gradients on: adds to the parameters' gradients,
  /// returns the loss.
  using Passes = std::function<at::Tensor(const StepInputs& inputs)>;

  /// The loss of `passes` over `inputs`, the same work at every call, with the gradients in the
  /// parameters. Throws std::invalid_argument where `inputs` have other sizes than the first ones.
  at::Tensor run(const StepInputs& inputs, const Passes& passes);

 private:
  void take(const StepInputs& inputs);
  void keep_gradients();
  void give_gradients() const;

  const model::BertForSquad& bert_;
  PassRecorder& recorder_;
  StepInputs inputs_;                  ///< the first step's tensors, the last step's values
  at::Tensor loss_;                    ///< of the passes that ran last
  std::vector<at::Tensor> gradients_;  ///< of what was recorded, in the order of the parameters
};

}  // namespace train
