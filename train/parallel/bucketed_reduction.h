#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/parameter.h"
#include "train/gradient_reduction.h"
#include "train/parallel/communicator.h"

namespace train {

/// How many bytes of fp32 sums are under way as one message: PyTorch's DistributedDataParallel has
/// the same 25 MiB. BERT-large's gradients are then some fifty messages: each is so large that its
/// latency does not count, and all but the last are on their way before the backward pass ends.
inline constexpr int64_t kBucketBytes = int64_t{25} << 20;

/// Sums of the gradients over all processes, fp32 whatever the parameters' dtype. Parameters fill
/// buckets in reverse order, about the order in which a backward pass is done with them; as soon as
/// all gradients of a bucket are there, its sum starts, and goes on beside the rest of the backward
/// pass. Sums, not means: losses are divided by the targets of the whole global batch already.
///
/// An fp32 gradient becomes a view of its bucket, another one is rounded from it; the order in
/// which processes are added up follows from their number and the buckets. A parameter without a
/// gradient everywhere gets none.
class BucketedReduction final : public GradientReduction {
 public:
  /// `parameters`: fp32, bf16 or fp16, the same on all processes. `communicator` must outlive this;
  /// the parameters' gradients are watched as long as this lives. Throws std::invalid_argument for
  /// another dtype.
  BucketedReduction(const std::vector<model::Parameter>& parameters, Communicator& communicator,
                    int64_t bucket_bytes = kBucketBytes);
  ~BucketedReduction() override;
  BucketedReduction(const BucketedReduction&) = delete;
  BucketedReduction& operator=(const BucketedReduction&) = delete;

  void begin_last_backward() override;

  /// Throws CommunicatorError, on all processes, where a parameter has a gradient on some of them
  /// and none on others.
  void finish() override;

  bool any(bool here) override { return communicator_.any(here); }
  double sum(double here) override { return communicator_.sum(here); }
  int rank() const override { return communicator_.rank(); }
  int processes() const override { return communicator_.size(); }

 private:
  struct Bucket {
    std::vector<size_t> parameters;
    int64_t elements = 0;
    size_t missing = 0;  ///< gradients, in this backward pass
    /// Behind the gradients an element for each parameter: how many processes have its gradient.
    at::Tensor sums;
  };

  void fill_buckets(int64_t bucket_bytes);
  /// Told by autograd when the gradient of a parameter is there.
  void gradient_is_there(size_t parameter);
  void start(Bucket& bucket);
  void write_back(Bucket& bucket);

  std::vector<model::Parameter> parameters_;
  std::vector<size_t> bucket_of_;  ///< of each parameter
  std::vector<bool> there_;        ///< the gradients, in this backward pass
  Communicator& communicator_;
  std::vector<Bucket> buckets_;
  size_t next_ = 0;        ///< bucket to start: in order, as all processes must
  bool watching_ = false;  ///< never alone: the gradients are their sums then
};

}  // namespace train
