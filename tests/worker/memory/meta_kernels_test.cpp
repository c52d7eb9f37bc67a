#include "worker/memory/meta_kernels.h"

#include <algorithm>
#include <functional>
#include <initializer_list>

#include <gtest/gtest.h>

#include "worker/memory/cpu_allocator.h"
#include "worker/memory/meta_allocator.h"
#include "worker/memory/planning_scope.h"

namespace worker {
namespace {

using Tensors = std::vector<at::Tensor>;

/// Inputs on a device, by the same recipe for the CPU and for meta.
using MakeInputs = std::function<Tensors(const at::TensorOptions& device)>;
using Operation = std::function<Tensors(const Tensors& inputs)>;

constexpr int kThreads = 2;
/// Flash attention's threads each allocate row sums of up to 256 floats when they get to it, not
/// always at the same time.
constexpr int64_t kRowSums = 1024;

/// What an operation did: its results, and the bytes it held at its peak and at its end.
struct Observed {
  Tensors results;
  int64_t peak = 0;
  int64_t live = 0;
};

Observed observe(Ledger& ledger, const Tensors& inputs, const Operation& operation) {
  Observed observed;
  const int64_t before = ledger.live_bytes();
  observed.results = operation(inputs);
  const auto footprint = ledger.footprint();
  observed.peak = footprint.peak_bytes - footprint.library_scratch_bytes - before;
  observed.live = ledger.live_bytes() - before;
  return observed;
}

/// The operation on the CPU and on meta: results of the same shapes, dtypes and strides, the same
/// bytes at the peak (but for `slack`) and at the end.
void expect_same(const char* name, const MakeInputs& make_inputs, const Operation& operation,
                 int64_t slack = 0) {
  SCOPED_TRACE(name);
  install_meta_allocator();
  install_meta_kernels();
  at::set_num_threads(kThreads);
  auto& allocator = CpuAllocator::instance();
  const auto cpu_inputs = make_inputs(at::device(at::kCPU));
  allocator.begin_run({});
  const auto real = observe(allocator.ledger(), cpu_inputs, operation);
  const auto meta_inputs = make_inputs(at::device(at::kMeta));
  Ledger ledger;
  const PlanningScope scope(ledger, PlannedDevice::kCpu, kThreads);
  const auto planned = observe(ledger, meta_inputs, operation);
  ASSERT_EQ(real.results.size(), planned.results.size());
  for (size_t i = 0; i < real.results.size(); ++i) {
    ASSERT_EQ(real.results[i].defined(), planned.results[i].defined()) << i;
    if (!real.results[i].defined()) continue;
    EXPECT_EQ(real.results[i].sizes(), planned.results[i].sizes()) << i;
    EXPECT_EQ(real.results[i].strides(), planned.results[i].strides()) << i;
    EXPECT_EQ(real.results[i].scalar_type(), planned.results[i].scalar_type()) << i;
    EXPECT_TRUE(planned.results[i].is_meta()) << i;
  }
  EXPECT_NEAR(real.peak, planned.peak, slack);
  EXPECT_EQ(real.live, planned.live);
}

Tensors list(const std::tuple<at::Tensor, at::Tensor, at::Tensor>& triple) {
  return {std::get<0>(triple), std::get<1>(triple), std::get<2>(triple)};
}

at::ScalarType dtypes[] = {at::kFloat, at::kBFloat16};

TEST(MetaKernels, layer_norm_allocates_as_the_cpus) {
  for (const auto dtype : dtypes) {
    const auto inputs = [&](const at::TensorOptions& device) {
      const auto options = device.dtype(dtype);
      return Tensors{at::ones({5, 7, 200}, options), at::ones({200}, options),
                     at::ones({200}, options)};
    };
    expect_same("forward", inputs, [](const Tensors& in) {
      return list(at::native_layer_norm(in[0], {200}, in[1], in[2], 1e-12));
    });
    expect_same("backward", inputs, [](const Tensors& in) {
      const auto [output, mean, rstd] = at::native_layer_norm(in[0], {200}, in[1], in[2], 1e-12);
      return list(at::native_layer_norm_backward(output, in[0], {200}, mean, rstd, in[1], in[2],
                                                 {true, true, true}));
    });
  }
}

TEST(MetaKernels, layer_norm_of_mixed_dtypes_allocates_as_the_cpus) {
  const auto inputs = [](const at::TensorOptions& device) {
    return Tensors{at::ones({35, 200}, device.dtype(at::kBFloat16)),
                   at::ones({200}, device.dtype(at::kFloat)),
                   at::ones({200}, device.dtype(at::kFloat))};
  };
  expect_same("backward", inputs, [](const Tensors& in) {
    const auto [output, mean, rstd] = at::native_layer_norm(in[0], {200}, in[1], in[2], 1e-12);
    return list(at::native_layer_norm_backward(output, in[0], {200}, mean, rstd, in[1], in[2],
                                               {true, true, true}));
  });
}

TEST(MetaKernels, dropout_allocates_as_the_cpus) {
  for (const auto dtype : dtypes) {
    const auto inputs = [&](const at::TensorOptions& device) {
      return Tensors{at::ones({5, 7, 200}, device.dtype(dtype))};
    };
    expect_same("composed", inputs,
                [](const Tensors& in) { return Tensors{at::dropout(in[0], 0.1, true)}; });
  }
}

TEST(MetaKernels, embedding_allocates_as_the_cpus) {
  for (const auto dtype : dtypes) {
    const auto inputs = [&](const at::TensorOptions& device) {
      return Tensors{at::ones({50, 72}, device.dtype(dtype)),
                     at::zeros({3, 37}, device.dtype(at::kLong)),
                     at::ones({3, 37, 72}, device.dtype(dtype))};
    };
    expect_same("forward", inputs,
                [](const Tensors& in) { return Tensors{at::embedding(in[0], in[1])}; });
    expect_same("backward", inputs, [](const Tensors& in) {
      return Tensors{at::embedding_dense_backward(in[2], in[1], 50, -1, false)};
    });
  }
}

TEST(MetaKernels, the_fused_optimizer_allocates_nothing) {
  const auto inputs = [](const at::TensorOptions& device) {
    Tensors tensors;
    for (int i = 0; i < 4; ++i) tensors.push_back(at::ones({300}, device.dtype(at::kFloat)));
    tensors.push_back(at::ones({}, device.dtype(at::kFloat)));
    return tensors;
  };
  expect_same("adamw", inputs, [](const Tensors& in) {
    at::_fused_adamw_({in[0]}, {in[1]}, {in[2]}, {in[3]}, {}, {in[4]}, 1e-3, 0.9, 0.999, 0.01, 1e-8,
                      false, false);
    return Tensors{};
  });
}

TEST(MetaKernels, flash_attention_allocates_as_the_cpus) {
  for (const int64_t length : {20, 48, 200, 800}) {
    const auto inputs = [&](const at::TensorOptions& device) {
      const auto qkv = at::ones({2, length, 3, 5, 8}, device.dtype(at::kFloat))
                           .permute({2, 0, 3, 1, 4})
                           .unbind(0);
      return Tensors{qkv[0], qkv[1], qkv[2], at::zeros({2, 1, 1, length}, device)};
    };
    expect_same("forward", inputs, [](const Tensors& in) {
      const auto [output, logsumexp] =
          at::_scaled_dot_product_flash_attention_for_cpu(in[0], in[1], in[2], 0.0, false, in[3]);
      return Tensors{output, logsumexp};
    });
    expect_same(
        "backward", inputs,
        [](const Tensors& in) {
          const auto [output, logsumexp] = at::_scaled_dot_product_flash_attention_for_cpu(
              in[0], in[1], in[2], 0.0, false, in[3]);
          return list(at::_scaled_dot_product_flash_attention_for_cpu_backward(
              output.contiguous(), in[0], in[1], in[2], output, logsumexp, 0.0, false, in[3]));
        },
        kThreads * kRowSums);
  }
}

TEST(MetaKernels, cuda_has_float_statistics_and_a_bool_mask) {
  install_meta_allocator();
  install_meta_kernels();
  Ledger ledger;
  const PlanningScope scope(ledger, PlannedDevice::kCuda, 1);
  const auto options = at::device(at::kMeta).dtype(at::kHalf);
  const auto input = at::empty({1024, 256}, options);
  const auto scale = at::empty({256}, options);
  const int64_t before = ledger.live_bytes();
  const auto normed = at::native_layer_norm(input, {256}, scale, scale, 1e-12);
  EXPECT_EQ(std::get<1>(normed).scalar_type(), at::kFloat);
  EXPECT_EQ(ledger.live_bytes() - before, 1024 * 256 * 2 + 2 * 1024 * 4);
  const auto dropped = at::native_dropout(input, 0.1, true);
  EXPECT_EQ(ledger.live_bytes() - before, 1024 * 256 * (2 + 2 + 1) + 2 * 1024 * 4);
  const auto back = at::native_dropout_backward(input, std::get<1>(dropped), 1.25);
  EXPECT_EQ(back.sizes(), input.sizes());
  EXPECT_EQ(ledger.live_bytes() - before, 1024 * 256 * (2 + 2 + 1 + 2) + 2 * 1024 * 4);
}

/// Bytes of blocks as LibTorch's CUDA allocator gives them out.
int64_t blocks(std::initializer_list<int64_t> sizes) {
  constexpr int64_t kBlock = 512;
  int64_t total = 0;
  for (const int64_t size : sizes) total += (size + kBlock - 1) / kBlock * kBlock;
  return total;
}

/// [2, 3, 100, head_dim] out of a packed projection [2, 100, 3, 3, head_dim].
Tensors packed_heads(int64_t head_dim, at::ScalarType dtype) {
  const auto packed = at::empty({2, 100, 3, 3, head_dim}, at::device(at::kMeta).dtype(dtype));
  return packed.permute({2, 0, 3, 1, 4}).unbind(0);
}

struct FusedAttention {
  Observed forward;
  Observed backward;
};

/// LibTorch's fused attention on CUDA, planned: batch 2, 3 heads, sequence 100.
FusedAttention observe_fused_attention(int64_t head_dim, at::ScalarType dtype) {
  install_meta_allocator();
  install_meta_kernels();
  Ledger ledger;
  const PlanningScope scope(ledger, PlannedDevice::kCuda, 1);
  Tensors inputs = packed_heads(head_dim, dtype);
  const auto mask = at::empty({2, 1, 1, 100}, at::device(at::kMeta).dtype(dtype));
  inputs.push_back(at::empty({2, 100, 3, head_dim}, inputs[0].options()).transpose(1, 2));
  FusedAttention observed;
  observed.forward = observe(ledger, inputs, [&](const Tensors& in) -> Tensors {
    const auto [output, logsumexp, seed, offset] =
        at::_scaled_dot_product_efficient_attention(in[0], in[1], in[2], mask, true, 0.1);
    return {output, logsumexp, seed, offset};
  });
  const Tensors& saved = observed.forward.results;
  observed.backward = observe(ledger, inputs, [&](const Tensors& in) -> Tensors {
    const auto [d_query, d_key, d_value, d_mask] =
        at::_scaled_dot_product_efficient_attention_backward(in[3], in[0], in[1], in[2], mask,
                                                             saved[0], saved[1], saved[2], saved[3],
                                                             0.1, {true, true, true, false});
    return {d_query, d_key, d_value, d_mask};
  });
  return observed;
}

TEST(MetaKernels, fused_attention_on_cuda_keeps_rows_and_never_scores) {
  for (const auto dtype : {at::kHalf, at::kBFloat16}) {
    const auto observed = observe_fused_attention(64, dtype);
    const int64_t rows = int64_t{2} * 3 * 100 * 64 * 2;
    EXPECT_EQ(observed.forward.results[0].sizes(), at::IntArrayRef({2, 3, 100, 64}));
    EXPECT_EQ(observed.forward.results[0].strides(), at::IntArrayRef({19200, 64, 192, 1}));
    EXPECT_EQ(observed.forward.live, blocks({rows, 2 * 3 * 128 * 4}));
    EXPECT_EQ(observed.backward.live, blocks({rows, rows, rows}));
    // Two blocks of 64 rows of queries, with sums in float and a lock of 16 bytes each.
    const int64_t workspace = int64_t{2} * 3 * 2 * (16 + 64 * 64 * 4);
    EXPECT_EQ(observed.backward.peak - observed.backward.live,
              blocks({2 * 3 * 100 * 4, workspace}));
    EXPECT_FALSE(observed.backward.results[3].defined());
    EXPECT_EQ(observed.backward.results[1].strides(), at::IntArrayRef({19200, 64, 192, 1}));
  }
}

TEST(MetaKernels, fused_attention_on_cuda_sums_large_heads_in_memory) {
  const auto observed = observe_fused_attention(160, at::kBFloat16);
  const int64_t rows = int64_t{2} * 3 * 100 * 160 * 2;
  EXPECT_EQ(observed.forward.peak, blocks({rows, 2 * 3 * 128 * 4, 2 * rows}));
  EXPECT_EQ(observed.forward.live, blocks({rows, 2 * 3 * 128 * 4}));
  // A block of 128 rows by three of 64 columns; for keys and values two splits of 64 by 256.
  const int64_t floats = 3 * (4 + 128 * 64) + 2 * 2 * 64 * 256;
  EXPECT_EQ(observed.backward.peak - observed.backward.live,
            blocks({2 * 3 * 100 * 4, 2 * 3 * floats * 4}));
}

TEST(MetaKernels, fused_attention_on_cuda_in_fp32_sums_rows_by_operators) {
  const auto observed = observe_fused_attention(64, at::kFloat);
  const int64_t rows = int64_t{2} * 3 * 100 * 64 * 4;
  const int64_t sums = int64_t{2} * 3 * 100 * 4;
  const int64_t workspace = int64_t{2} * 3 * 2 * (16 + 64 * 64 * 4);
  EXPECT_EQ(observed.backward.peak - observed.backward.live,
            std::max(blocks({rows, sums, sums}), blocks({sums, workspace})));
}

}  // namespace
}  // namespace worker
