#include "train/parallel/bucketed_reduction.h"

#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "train/slices.h"

namespace train {
namespace {

class Watcher final : public torch::autograd::PostAccumulateGradHook {
 public:
  explicit Watcher(std::function<void()> tell) : tell_(std::move(tell)) {}
  void operator()(const at::Tensor&) override { tell_(); }

 private:
  std::function<void()> tell_;
};

void check_dtype(const model::Parameter& parameter) {
  if (parameter.tensor.scalar_type() == at::kFloat || is_reduced(parameter.tensor)) return;
  throw std::invalid_argument("gradients of " + parameter.name + " are " +
                              at::toString(parameter.tensor.scalar_type()) +
                              ": processes add up in fp32, what is fp32, bf16 or fp16");
}

}  // namespace

BucketedReduction::BucketedReduction(const std::vector<model::Parameter>& parameters,
                                     Communicator& communicator, int64_t bucket_bytes)
    : parameters_(parameters),
      bucket_of_(parameters.size()),
      there_(parameters.size()),
      communicator_(communicator) {
  for (const model::Parameter& parameter : parameters_) check_dtype(parameter);
  fill_buckets(bucket_bytes);
  for (size_t i = 0; i < parameters_.size(); ++i) {
    torch::autograd::impl::set_post_acc_grad_hooks(
        parameters_[i].tensor, std::make_unique<Watcher>([this, i] { gradient_is_there(i); }));
  }
}

BucketedReduction::~BucketedReduction() {
  for (const model::Parameter& parameter : parameters_) {
    torch::autograd::impl::set_post_acc_grad_hooks(parameter.tensor, nullptr);
  }
}

void BucketedReduction::fill_buckets(int64_t bucket_bytes) {
  const int64_t most = bucket_bytes / static_cast<int64_t>(sizeof(float));
  for (size_t i = parameters_.size(); i-- > 0;) {
    const int64_t elements = parameters_[i].tensor.numel();
    if (buckets_.empty() || buckets_.back().elements + elements > most) buckets_.emplace_back();
    buckets_.back().parameters.push_back(i);
    buckets_.back().elements += elements;
    bucket_of_[i] = buckets_.size() - 1;
  }
}

void BucketedReduction::begin_last_backward() {
  for (Bucket& bucket : buckets_) bucket.missing = bucket.parameters.size();
  there_.assign(there_.size(), false);
  next_ = 0;
  watching_ = communicator_.size() > 1;
}

void BucketedReduction::gradient_is_there(size_t parameter) {
  if (!watching_) return;
  if (there_[parameter]) {
    throw std::logic_error("the gradient of " + parameters_[parameter].name +
                           " came twice in one backward pass, after its sum may have begun");
  }
  there_[parameter] = true;
  --buckets_[bucket_of_[parameter]].missing;
  for (; next_ < buckets_.size() && buckets_[next_].missing == 0; ++next_) start(buckets_[next_]);
  communicator_.progress();
}

void BucketedReduction::start(Bucket& bucket) {
  const at::NoGradGuard no_grad;
  const auto count = static_cast<int64_t>(bucket.parameters.size());
  bucket.sums =
      at::zeros({bucket.elements + count},
                parameters_[bucket.parameters.front()].tensor.options().dtype(at::kFloat));
  int64_t begin = 0;
  int64_t flag = bucket.elements;
  for (const size_t i : bucket.parameters) {
    const at::Tensor& parameter = parameters_[i].tensor;
    const at::Tensor sums = slice(bucket.sums, begin, parameter.numel()).view(parameter.sizes());
    begin += parameter.numel();
    const at::Tensor has_gradient = slice(bucket.sums, flag++, 1);
    if (!parameter.grad().defined()) continue;
    sums.copy_(parameter.grad());
    has_gradient.fill_(1);
    if (!is_reduced(parameter)) parameter.mutable_grad() = sums;
  }
  communicator_.start_sum(bucket.sums);
}

void BucketedReduction::finish() {
  if (!watching_) return;
  const at::NoGradGuard no_grad;
  watching_ = false;
  for (; next_ < buckets_.size(); ++next_) start(buckets_[next_]);
  communicator_.finish_sums();
  for (Bucket& bucket : buckets_) write_back(bucket);
}

void BucketedReduction::write_back(Bucket& bucket) {
  const auto count = static_cast<int64_t>(bucket.parameters.size());
  const at::Tensor processes = slice(bucket.sums, bucket.elements, count).to(at::kCPU);
  int64_t begin = 0;
  for (int64_t k = 0; k < count; ++k) {
    const model::Parameter& parameter = parameters_[bucket.parameters[static_cast<size_t>(k)]];
    const at::Tensor& tensor = parameter.tensor;
    const at::Tensor sums = slice(bucket.sums, begin, tensor.numel()).view(tensor.sizes());
    begin += tensor.numel();
    const auto with_gradient = static_cast<int64_t>(processes[k].item<float>());
    if (with_gradient == 0) continue;
    if (with_gradient != communicator_.size()) {
      throw CommunicatorError(parameter.name + " has a gradient on " +
                              std::to_string(with_gradient) + " of " +
                              std::to_string(communicator_.size()) + " processes");
    }
    if (is_reduced(tensor)) tensor.grad().copy_(sums);
  }
  bucket.sums.reset();
}

}  // namespace train
