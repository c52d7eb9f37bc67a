#include "worker/memory/meta_kernels.h"

#include <tuple>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/bernoulli.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/util/Exception.h>
#include <torch/library.h>

#include "worker/memory/cpu_allocator.h"
#include "worker/memory/meta_flash_attention.h"
#include "worker/memory/meta_fused_attention.h"
#include "worker/memory/meta_layer_norm.h"
#include "worker/memory/planned_device.h"

namespace worker {
namespace {

using TwoTensors = std::tuple<at::Tensor, at::Tensor>;

/// LibTorch and the models here take these two on CUDA alone; on the CPU dropout is composed.
TwoTensors native_dropout(const at::Tensor& input, double, std::optional<bool>) {
  return {at::empty_like(input), at::empty_like(input, input.options().dtype(at::kBool))};
}

at::Tensor native_dropout_backward(const at::Tensor& d_output, const at::Tensor&, double) {
  return at::empty_like(d_output);
}

/// The gather behind at::embedding.
at::Tensor index_select(const at::Tensor& self, int64_t dimension, const at::Tensor& index) {
  auto sizes = self.sizes().vec();
  sizes.at(static_cast<size_t>(at::maybe_wrap_dim(dimension, self.dim()))) = index.numel();
  return at::empty(sizes, self.options());
}

at::Tensor embedding_dense_backward(const at::Tensor& d_output, const at::Tensor& indices,
                                    int64_t rows, int64_t, bool) {
  const at::Tensor grad = d_output.contiguous();
  const at::Tensor index = indices.contiguous();
  at::Tensor d_weight = at::empty({rows, grad.size(-1)}, grad.options());
  if (plans_for_cuda()) {
    // Above 3072 indices CUDA's kernel sorts them: sorted values and their origins (Embedding.cu).
    constexpr int64_t kUnsorted = 3072;
    if (index.numel() > kUnsorted) at::empty({2, index.numel()}, index.options());
  }
  return d_weight;
}

void fused_adamw_(at::TensorList, at::TensorList, at::TensorList, at::TensorList, at::TensorList,
                  at::TensorList, double, double, double, double, double, bool, bool,
                  const std::optional<at::Tensor>&, const std::optional<at::Tensor>&) {}

/// LibTorch draws Bernoulli samples by MKL, as 32-bit integers that it then converts, where its
/// cpuinfo knows the processor as one of Intel's (DistributionKernels.cpp); elsewhere, under some
/// hypervisors with Intel's too, element by element. Which of them it does shows in what it
/// allocates.
bool draws_bernoulli_by_mkl() {
  CpuAllocator& allocator = CpuAllocator::instance();
  auto samples = at::empty({1024}, at::device(at::kCPU).dtype(at::kFloat));
  allocator.begin_run({});
  samples.bernoulli_(0.5, at::detail::createCPUGenerator());
  return allocator.ledger().footprint().peak_bytes > 0;
}

at::Tensor& bernoulli_by_mkl_(at::Tensor& self, double, std::optional<at::Generator>) {
  const bool in_place = self.scalar_type() == at::kInt && self.is_contiguous();
  if (!plans_for_cuda() && !in_place) at::empty(self.sizes(), self.options().dtype(at::kInt));
  return self;
}

class SilentWarnings : public c10::WarningHandler {
 public:
  void process(const c10::Warning&) override {}
};

void replace_bernoulli(torch::Library& library) {
  SilentWarnings silent;  // LibTorch warns of every replaced kernel
  const c10::WarningUtils::WarningHandlerGuard guard(&silent);
  library.impl("bernoulli_.float", TORCH_FN(bernoulli_by_mkl_));
}

}  // namespace

void install_meta_kernels() {
  static torch::Library* const library = [] {
    auto* const lib = new torch::Library(torch::Library::IMPL, "aten", c10::DispatchKey::Meta,
                                         __FILE__, __LINE__);
    lib->impl("native_layer_norm", TORCH_FN(meta_layer_norm));
    lib->impl("native_layer_norm_backward", TORCH_FN(meta_layer_norm_backward));
    lib->impl("native_dropout", TORCH_FN(native_dropout));
    lib->impl("native_dropout_backward", TORCH_FN(native_dropout_backward));
    lib->impl("index_select", TORCH_FN(index_select));
    lib->impl("embedding_dense_backward", TORCH_FN(embedding_dense_backward));
    lib->impl("_fused_adamw_", TORCH_FN(fused_adamw_));
    lib->impl("_scaled_dot_product_flash_attention_for_cpu", TORCH_FN(meta_flash_attention));
    lib->impl("_scaled_dot_product_flash_attention_for_cpu_backward",
              TORCH_FN(meta_flash_attention_backward));
    lib->impl("_scaled_dot_product_efficient_attention", TORCH_FN(meta_fused_attention));
    lib->impl("_scaled_dot_product_efficient_attention_backward",
              TORCH_FN(meta_fused_attention_backward));
    if (draws_bernoulli_by_mkl()) replace_bernoulli(*lib);
    return lib;
  }();
  static_cast<void>(library);
}

}  // namespace worker
