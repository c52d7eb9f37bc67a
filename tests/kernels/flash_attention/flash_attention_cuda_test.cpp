#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "kernels/core/dropout_bits.h"
#include "tests/kernels/flash_attention/attention_case.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

/// A case in the device's memory, and where it writes. Every array begins `shift` elements behind
/// an aligned address.
template <class T>
class Device {
 public:
  explicit Device(const AttentionCase<T>& attention, size_t shift = 0)
      : attention_(attention),
        rows_(attention.rows()),
        offsets_("offsets", attention.layout.offsets),
        lengths_("lengths", attention.layout.lengths),
        qkv_("qkv", attention.qkv, shift),
        bias_("bias", attention.bias, shift),
        d_context_("d_context", attention.d_context, shift),
        context_("context", count(1), shift),
        log_sum_exp_("log_sum_exp", attention.layout.rows() * attention.sizes.heads),
        d_qkv_("d_qkv", count(3), shift),
        d_bias_("d_bias", 3 * attention.sizes.hidden(), shift),
        partials_("partials", cuda_flash_attention_partials_size(rows_)),
        workspace_("workspace", cuda_flash_attention_backward_workspace_bytes<T>(rows_)) {
    rows_.device_offsets = offsets_.data();
    rows_.device_lengths = lengths_.data();
  }

  void forward() {
    flash_attention_forward(FlashAttentionForward<T>{.context = context_.data(),
                                                     .log_sum_exp = log_sum_exp_.data(),
                                                     .qkv = qkv_.data(),
                                                     .bias = bias_.data(),
                                                     .rows = rows_,
                                                     .scale = attention_.scale,
                                                     .stream = attention_.stream()},
                            nullptr);
  }

  void backward(bool in_place = false) {
    if (in_place) std::copy(attention_.qkv.begin(), attention_.qkv.end(), d_qkv_.data());
    flash_attention_backward(
        FlashAttentionBackward<T>{.d_qkv = d_qkv_.data(),
                                  .d_bias = d_bias_.data(),
                                  .d_context = d_context_.data(),
                                  .context = context_.data(),
                                  .log_sum_exp = log_sum_exp_.data(),
                                  .qkv = in_place ? d_qkv_.data() : qkv_.data(),
                                  .bias = bias_.data(),
                                  .rows = rows_,
                                  .scale = attention_.scale,
                                  .stream = attention_.stream(),
                                  .partials = partials_.data(),
                                  .workspace = workspace_.data()},
        nullptr);
  }

  Outputs outputs() const {
    return {{"context", doubles_of(context_)},
            {"log_sum_exp", doubles_of(log_sum_exp_)},
            {"d_qkv", doubles_of(d_qkv_)},
            {"d_bias", doubles_of(d_bias_)}};
  }

 private:
  int64_t count(int64_t parts) const {
    return attention_.layout.rows() * parts * attention_.sizes.hidden();
  }

  const AttentionCase<T>& attention_;
  AttentionRows rows_;
  DeviceBuffer<int64_t> offsets_;
  DeviceBuffer<int64_t> lengths_;
  DeviceBuffer<T> qkv_;
  DeviceBuffer<T> bias_;
  DeviceBuffer<T> d_context_;
  DeviceBuffer<T> context_;
  DeviceBuffer<float> log_sum_exp_;
  DeviceBuffer<T> d_qkv_;
  DeviceBuffer<T> d_bias_;
  DeviceBuffer<float> partials_;
  DeviceBuffer<uint8_t> workspace_;
};

template <class T>
Outputs run_cuda(const AttentionCase<T>& attention, bool in_place = false, size_t shift = 0) {
  Device<T> device(attention, shift);
  device.forward();
  device.backward(in_place);
  return device.outputs();
}

template <class T>
void check_cuda_case(const AttentionCase<T>& attention, size_t shift = 0) {
  check_emulated([&] { return run_cuda(attention, false, shift); }, run(in_double(attention)),
                 tolerances(attention), attention.name());
}

template <class T>
class FlashAttentionCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(FlashAttentionCuda, Dtypes);

// Heads of 32 go to tensor cores where their type can, heads of 20 never.

TYPED_TEST(FlashAttentionCuda, matches_the_reference_at_awkward_lengths) {
  for (const double probability : {0.0, 0.1}) {
    for (const int64_t sequence : {1, 2, 15, 17, 47, 49, 63, 65, 127, 129, 200}) {
      check_cuda_case(AttentionCase<TypeParam>{Layout::packed({sequence}), {1, 32, probability}});
    }
    for (const int64_t sequence : {1, 2, 31, 33, 129}) {
      check_cuda_case(AttentionCase<TypeParam>{Layout::packed({sequence}), {1, 20, probability}});
    }
  }
}

TYPED_TEST(FlashAttentionCuda, matches_the_reference_at_lengths_of_models) {
  // Without tensor cores a length takes the emulator seconds.
  using Lengths = std::vector<int64_t>;
  for (const int64_t sequence :
       sizeof(TypeParam) == sizeof(float) ? Lengths{383} : Lengths{383, 384, 512}) {
    check_cuda_case(AttentionCase<TypeParam>{Layout::packed({sequence}), {1, 64}});
  }
}

TYPED_TEST(FlashAttentionCuda, matches_the_reference_for_any_head_dim) {
  for (const int64_t head_dim : {1, 8, 20, 33, 40, 64, 80, 128, 129, 256}) {
    check_cuda_case(AttentionCase<TypeParam>{Layout::packed({61, 34}), {2, head_dim}});
  }
}

TYPED_TEST(FlashAttentionCuda, matches_the_reference_for_mixed_lengths) {
  for (const int64_t head_dim : {16, 20}) {
    check_cuda_case(
        AttentionCase<TypeParam>{Layout::padded(50, {33, 0, 1, 50, 17}), {3, head_dim}});
    check_cuda_case(
        AttentionCase<TypeParam>{Layout::packed({33, 1, 2, 50, 17}), {3, head_dim, 0.5}});
    check_cuda_case(AttentionCase<TypeParam>{Layout::padded(150, {70, 145}), {1, head_dim}});
  }
}

TYPED_TEST(FlashAttentionCuda, matches_the_reference_for_many_sequences) {
  std::vector<int64_t> lengths;
  for (int64_t b = 0; b < 2 * kColumnBlocks + 3; ++b) lengths.push_back(1 + b % 7);
  check_cuda_case(AttentionCase<TypeParam>{Layout::packed(lengths), {2, 8}});
}

TYPED_TEST(FlashAttentionCuda, matches_the_reference_where_no_pack_reaches) {
  check_cuda_case(AttentionCase<TypeParam>{Layout::packed({70, 9}), {2, 64}}, 1);
}

TYPED_TEST(FlashAttentionCuda, does_not_overflow) {
  for (const int64_t head_dim : {8, 20}) {
    const AttentionCase<TypeParam> attention = {Layout::padded(37, {37, 20}),
                                                {1, head_dim, 0.1, 64}};
    for (const auto& [name, values] : run_cuda(attention)) {
      for (const double value : values) ASSERT_TRUE(std::isfinite(value)) << name;
    }
  }
}

TYPED_TEST(FlashAttentionCuda, rows_that_are_no_keys_get_no_gradient_as_keys) {
  for (const int64_t head_dim : {16, 20}) {
    const AttentionCase<TypeParam> attention = {Layout::padded(150, {5, 140}), {2, head_dim}};
    const Outputs outputs = run_cuda(attention);
    const int64_t hidden = attention.sizes.hidden();
    for (int64_t row = 0; row < 300; ++row) {
      if (row % 150 < attention.layout.lengths[static_cast<size_t>(row / 150)]) continue;
      for (int64_t column = hidden; column < 3 * hidden; ++column) {
        ASSERT_EQ(outputs.at("d_qkv")[static_cast<size_t>(row * 3 * hidden + column)], 0);
      }
    }
  }
}

TYPED_TEST(FlashAttentionCuda, gradient_may_take_the_place_of_its_input) {
  for (const int64_t head_dim : {24, 20}) {
    const AttentionCase<TypeParam> attention = {Layout::padded(140, {30, 140}), {1, head_dim}};
    expect_same(run_cuda(attention, true), run_cuda(attention), attention.name());
  }
}

TYPED_TEST(FlashAttentionCuda, packed_and_padded_batches_have_the_same_bits) {
  for (const int64_t head_dim : {32, 20}) {
    const AttentionCase<TypeParam> packed = {Layout::packed({1, 40, 2, 140}), {1, head_dim}};
    const AttentionCase<TypeParam> padded = padded_to(packed, 150);
    expect_same(of_real_rows(run_cuda(padded), padded), of_real_rows(run_cuda(packed), packed),
                "padded");
  }
}

TYPED_TEST(FlashAttentionCuda, an_empty_batch_has_no_gradient) {
  const Outputs outputs = run_cuda(AttentionCase<TypeParam>{Layout::packed({}), {2, 4}});
  for (const double value : outputs.at("d_bias")) EXPECT_EQ(value, 0);
}

TYPED_TEST(FlashAttentionCuda, says_which_heads_are_too_large) {
  const AttentionCase<TypeParam> attention = {Layout::packed({1}), {1, 257}};
  EXPECT_THROW(run_cuda(attention), std::invalid_argument);
}

// ---- dropout bits, read off the outputs

/// Attention in which all scores are 0, and kWindow rows of a sequence, those of one window, are
/// told apart by kWindow columns.
template <class T>
struct MaskCase {
  static constexpr int64_t kWindow = 64;
  static constexpr int64_t kWindows = 3;

  explicit MaskCase(int64_t window_index) : window(window_index) {
    std::fill(attention.qkv.begin(), attention.qkv.end(), T{});
    std::fill(attention.bias.begin(), attention.bias.end(), T{});
    std::fill(attention.d_context.begin(), attention.d_context.end(), T{});
  }

  /// visit(index in [rows, parts * hidden], b, head, row, column) for one part's elements.
  template <class Visit>
  void for_each_element(int64_t parts, int64_t part, const Visit& visit) const {
    const int64_t hidden = attention.sizes.hidden();
    for (int64_t b = 0; b < attention.layout.batch(); ++b) {
      const int64_t first = attention.layout.offsets[static_cast<size_t>(b)];
      for (int64_t row = 0; row < attention.layout.lengths[static_cast<size_t>(b)]; ++row) {
        for (int64_t i = 0; i < hidden; ++i) {
          const int64_t index = (first + row) * parts * hidden + part * hidden + i;
          visit(static_cast<size_t>(index), b, i / kWindow, row, i % kWindow);
        }
      }
    }
  }

  /// 1 in the column that names the row, in every column with `all`.
  void set(std::vector<T>& tensor, int64_t parts, int64_t part, bool all = false) {
    for_each_element(parts, part, [&](size_t index, int64_t, int64_t, int64_t row, int64_t column) {
      if (all || row == named(column)) tensor[index] = from_double<T>(1);
    });
  }

  /// That an element is positive where the bit of P[row, named(column)], or with `transposed` of
  /// P[named(column), row], is set, and only there.
  void expect_bits(const std::vector<double>& tensor, int64_t parts, int64_t part,
                   bool transposed) const {
    int64_t dropped = 0;
    for_each_element(
        parts, part, [&](size_t index, int64_t b, int64_t head, int64_t row, int64_t column) {
          const int64_t other = named(column);
          if (other >= attention.layout.lengths[static_cast<size_t>(b)]) return;
          const bool kept = transposed ? keep(attention.stream(), b, head, other, row)
                                       : keep(attention.stream(), b, head, row, other);
          dropped += kept ? 0 : 1;
          ASSERT_EQ(tensor[index] > 0, kept) << "head " << head << ", " << row << ", " << other;
        });
    EXPECT_GT(dropped, 0);
  }

  int64_t named(int64_t column) const { return window * kWindow + column; }

  int64_t window;
  AttentionCase<T> attention = {Layout::packed({140, 135}), {2, kWindow, 0.5}};
};

TYPED_TEST(FlashAttentionCuda, drops_for_queries_what_the_cpu_drops) {
  for (int64_t window = 0; window < MaskCase<TypeParam>::kWindows; ++window) {
    MaskCase<TypeParam> mask(window);
    mask.set(mask.attention.qkv, 3, 1);
    mask.set(mask.attention.qkv, 3, 2);
    mask.set(mask.attention.d_context, 1, 0, true);
    const Outputs outputs = run_cuda(mask.attention);
    mask.expect_bits(outputs.at("context"), 1, 0, false);
    mask.expect_bits(outputs.at("d_qkv"), 3, 0, false);
  }
}

TYPED_TEST(FlashAttentionCuda, drops_for_keys_what_the_cpu_drops) {
  for (int64_t window = 0; window < MaskCase<TypeParam>::kWindows; ++window) {
    MaskCase<TypeParam> mask(window);
    mask.set(mask.attention.qkv, 3, 0);
    mask.set(mask.attention.qkv, 3, 2, true);
    mask.set(mask.attention.d_context, 1, 0);
    const Outputs outputs = run_cuda(mask.attention);
    mask.expect_bits(outputs.at("d_qkv"), 3, 1, true);
    mask.expect_bits(outputs.at("d_qkv"), 3, 2, true);
  }
}

}  // namespace
}  // namespace kernels::testing
