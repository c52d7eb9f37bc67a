#include "tests/kernels/flash_attention/attention_case.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/kernels/support/level_limit.h"

namespace kernels::testing {
namespace {

GemmLevel level_of(const SimdLevel& simd) {
  if (simd.name == "AVX3") return best_gemm_level();
  return simd.name == "AVX2" ? GemmLevel::kAvx2 : GemmLevel::kPortable;
}

void run_forward(const FlashAttentionForward<double>& args) {
  reference_flash_attention_forward(args);
}
void run_backward(const FlashAttentionBackward<double>& args) {
  reference_flash_attention_backward(args);
}

int64_t floats(int64_t bytes) {
  return bytes / static_cast<int64_t>(sizeof(float));
}

template <class T>
void run_forward(FlashAttentionForward<T> args) {
  Guarded<float> workspace(
      floats(flash_attention_forward_workspace_bytes<T>(args.rows, args.threads)));
  args.workspace = workspace.data();
  flash_attention_forward(args);
  EXPECT_TRUE(workspace.intact()) << "forward's workspace";
}

template <class T>
void run_backward(FlashAttentionBackward<T> args) {
  Guarded<float> workspace(
      floats(flash_attention_backward_workspace_bytes<T>(args.rows, args.threads)));
  Guarded<float> partials(column_partials_size(3 * args.rows.heads * args.rows.head_dim));
  args.workspace = workspace.data();
  args.partials = partials.data();
  flash_attention_backward(args);
  EXPECT_TRUE(workspace.intact()) << "backward's workspace";
  EXPECT_TRUE(partials.intact()) << "partials";
}

template <class T>
AttentionCase<double> widened(const AttentionCase<T>& attention) {
  return {attention.layout,
          attention.sizes,
          to_doubles(attention.qkv),
          to_doubles(attention.bias),
          to_doubles(attention.d_context),
          attention.scale,
          attention.threads};
}

/// Rows of a [rows, columns] output that belong to a sequence's first lengths[b] positions.
std::vector<double> real_rows(const std::vector<double>& values, const Layout& layout,
                              int64_t columns) {
  std::vector<double> result;
  for (size_t b = 0; b < layout.lengths.size(); ++b) {
    const auto first = values.begin() + layout.offsets[b] * columns;
    result.insert(result.end(), first, first + layout.lengths[b] * columns);
  }
  return result;
}

/// log_sum_exp as [rows, heads].
std::vector<double> transposed(const std::vector<double>& values, int64_t heads) {
  const auto rows = static_cast<int64_t>(values.size()) / heads;
  std::vector<double> result;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t head = 0; head < heads; ++head) {
      result.push_back(values[static_cast<size_t>(head * rows + row)]);
    }
  }
  return result;
}

}  // namespace

Layout Layout::padded(int64_t sequence, const std::vector<int64_t>& lengths) {
  Layout layout = {{0}, lengths};
  for (size_t b = 0; b < lengths.size(); ++b) {
    layout.offsets.push_back(layout.offsets.back() + sequence);
  }
  return layout;
}

Layout Layout::packed(const std::vector<int64_t>& lengths) {
  Layout layout = {{0}, lengths};
  for (const int64_t length : lengths) layout.offsets.push_back(layout.offsets.back() + length);
  return layout;
}

template <class T>
std::string AttentionCase<T>::name() const {
  std::string text = std::to_string(sizes.heads) + " heads of " + std::to_string(sizes.head_dim);
  for (int64_t b = 0; b < layout.batch(); ++b) {
    const auto i = static_cast<size_t>(b);
    text += ", " + std::to_string(layout.lengths[i]) + " of " +
            std::to_string(layout.offsets[i + 1] - layout.offsets[i]);
  }
  return text + ", p " + std::to_string(sizes.probability);
}

AttentionCase<double> in_double(const AttentionCase<float>& attention) {
  return widened(attention);
}
AttentionCase<double> in_double(const AttentionCase<float16>& attention) {
  return widened(attention);
}
AttentionCase<double> in_double(const AttentionCase<bfloat16>& attention) {
  return widened(attention);
}

template <class T>
Tolerances tolerances(const AttentionCase<T>& attention) {
  const double u = sizeof(T) == sizeof(float) ? 1e-6 : kRoundoff<T>;
  const auto rows = static_cast<double>(attention.layout.rows());
  const double d_bias = u * std::sqrt(rows) * 4;
  return {{"context", {2 * u, 2 * u}},
          {"log_sum_exp", {0, 0, 4 * u}},
          {"d_qkv", {2 * u, 4 * u}},
          {"d_bias", {2 * u, 4 * u, d_bias}}};
}

template <class T>
AttentionCase<T> padded_to(const AttentionCase<T>& packed, int64_t sequence) {
  const Layout& layout = packed.layout;
  const int64_t hidden = packed.sizes.hidden();
  AttentionCase<T> padded = {Layout::padded(sequence, layout.lengths), packed.sizes};
  // Padding holds other values; nothing comes back from it.
  std::fill(padded.d_context.begin(), padded.d_context.end(), T{});
  for (size_t b = 0; b < layout.lengths.size(); ++b) {
    const int64_t from = layout.offsets[b];
    const int64_t to = padded.layout.offsets[b];
    std::copy_n(packed.qkv.begin() + from * 3 * hidden, layout.lengths[b] * 3 * hidden,
                padded.qkv.begin() + to * 3 * hidden);
    std::copy_n(packed.d_context.begin() + from * hidden, layout.lengths[b] * hidden,
                padded.d_context.begin() + to * hidden);
  }
  return padded;
}

template <class T>
Outputs of_real_rows(const Outputs& outputs, const AttentionCase<T>& attention) {
  const int64_t hidden = attention.sizes.hidden();
  const int64_t heads = attention.sizes.heads;
  const Layout& layout = attention.layout;
  return {{"context", real_rows(outputs.at("context"), layout, hidden)},
          {"log_sum_exp", real_rows(transposed(outputs.at("log_sum_exp"), heads), layout, heads)},
          {"d_qkv", real_rows(outputs.at("d_qkv"), layout, 3 * hidden)},
          {"d_bias", outputs.at("d_bias")}};
}

template <class T>
Outputs run(const AttentionCase<T>& attention, GemmLevel limit, bool in_place) {
  const LevelLimit guard(std::min(limit, level_of(active_simd_level())));
  const int64_t hidden = attention.sizes.hidden();
  const int64_t rows = attention.layout.rows();
  Guarded<T> context(rows * hidden);
  Guarded<float> log_sum_exp(rows * attention.sizes.heads);
  Guarded<T> d_qkv(rows * 3 * hidden);
  Guarded<T> d_bias(3 * hidden);
  run_forward(FlashAttentionForward<T>{.context = context.data(),
                                       .log_sum_exp = log_sum_exp.data(),
                                       .qkv = attention.qkv.data(),
                                       .bias = attention.bias.data(),
                                       .rows = attention.rows(),
                                       .scale = attention.scale,
                                       .stream = attention.stream(),
                                       .threads = attention.threads});
  if (in_place) std::copy(attention.qkv.begin(), attention.qkv.end(), d_qkv.data());
  run_backward(FlashAttentionBackward<T>{.d_qkv = d_qkv.data(),
                                         .d_bias = d_bias.data(),
                                         .d_context = attention.d_context.data(),
                                         .context = context.data(),
                                         .log_sum_exp = log_sum_exp.data(),
                                         .qkv = in_place ? d_qkv.data() : attention.qkv.data(),
                                         .bias = attention.bias.data(),
                                         .rows = attention.rows(),
                                         .scale = attention.scale,
                                         .stream = attention.stream(),
                                         .partials = nullptr,
                                         .threads = attention.threads});
  EXPECT_TRUE(context.intact() && log_sum_exp.intact() && d_qkv.intact() && d_bias.intact());
  return {{"context", context.values()},
          {"log_sum_exp", log_sum_exp.values()},
          {"d_qkv", d_qkv.values()},
          {"d_bias", d_bias.values()}};
}

template <class T>
void check(const AttentionCase<T>& attention, GemmLevel limit) {
  check_everywhere([&] { return run(attention, limit); }, run(in_double(attention)),
                   tolerances(attention), attention.name());
}

template struct AttentionCase<float>;
template struct AttentionCase<float16>;
template struct AttentionCase<bfloat16>;
template struct AttentionCase<double>;
template Outputs run(const AttentionCase<float>&, GemmLevel, bool);
template Outputs run(const AttentionCase<bfloat16>&, GemmLevel, bool);
template Outputs run(const AttentionCase<double>&, GemmLevel, bool);
template void check(const AttentionCase<float>&, GemmLevel);
template void check(const AttentionCase<bfloat16>&, GemmLevel);
template Tolerances tolerances(const AttentionCase<float>&);
template Tolerances tolerances(const AttentionCase<float16>&);
template Tolerances tolerances(const AttentionCase<bfloat16>&);
template AttentionCase<float> padded_to(const AttentionCase<float>&, int64_t);
template AttentionCase<float16> padded_to(const AttentionCase<float16>&, int64_t);
template AttentionCase<bfloat16> padded_to(const AttentionCase<bfloat16>&, int64_t);
template Outputs of_real_rows(const Outputs&, const AttentionCase<float>&);
template Outputs of_real_rows(const Outputs&, const AttentionCase<float16>&);
template Outputs of_real_rows(const Outputs&, const AttentionCase<bfloat16>&);

}  // namespace kernels::testing
