#include <array>

#include "apps/bench_kernels/gemm_call.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/tensors.h"

namespace apps {
namespace {

/// float: sums of up to 4096 products in other orders. bfloat16: the sum in float, rounded once.
constexpr Agreement kProductAgreement = {{1e-6, 2e-6}, kRoundedOnce};

struct Sizes {
  int64_t batch;  ///< 1: a product of matrices; else of a batch of them
  int64_t m;
  int64_t n;
  int64_t k;
};

struct Product {
  const char* name;
  Layout layout;
  Sizes (*sizes)(const Setting&);
};

using S = const Setting&;

/// The products of a BERT layer; the dense ones in the order forward, input and weight gradient.
/// scores = Q Kᵀ, context = P V.
constexpr std::array kProducts = {
    Product{"qkv/forward", Layout::kNt,
            [](S s) {
              return Sizes{1, s.rows(), 3 * s.hidden, s.hidden};
            }},
    Product{"qkv/input_gradient", Layout::kNn,
            [](S s) {
              return Sizes{1, s.rows(), s.hidden, 3 * s.hidden};
            }},
    Product{"qkv/weight_gradient", Layout::kTn,
            [](S s) {
              return Sizes{1, 3 * s.hidden, s.hidden, s.rows()};
            }},
    Product{"attention_output/forward", Layout::kNt,
            [](S s) {
              return Sizes{1, s.rows(), s.hidden, s.hidden};
            }},
    Product{"attention_output/input_gradient", Layout::kNn,
            [](S s) {
              return Sizes{1, s.rows(), s.hidden, s.hidden};
            }},
    Product{"attention_output/weight_gradient", Layout::kTn,
            [](S s) {
              return Sizes{1, s.hidden, s.hidden, s.rows()};
            }},
    Product{"ffn1/forward", Layout::kNt,
            [](S s) {
              return Sizes{1, s.rows(), s.intermediate, s.hidden};
            }},
    Product{"ffn1/input_gradient", Layout::kNn,
            [](S s) {
              return Sizes{1, s.rows(), s.hidden, s.intermediate};
            }},
    Product{"ffn1/weight_gradient", Layout::kTn,
            [](S s) {
              return Sizes{1, s.intermediate, s.hidden, s.rows()};
            }},
    Product{"ffn2/forward", Layout::kNt,
            [](S s) {
              return Sizes{1, s.rows(), s.hidden, s.intermediate};
            }},
    Product{"ffn2/input_gradient", Layout::kNn,
            [](S s) {
              return Sizes{1, s.rows(), s.intermediate, s.hidden};
            }},
    Product{"ffn2/weight_gradient", Layout::kTn,
            [](S s) {
              return Sizes{1, s.hidden, s.intermediate, s.rows()};
            }},
    Product{"scores/forward", Layout::kNt,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.sequence, s.head_dim()};
            }},
    Product{"scores/query_gradient", Layout::kNn,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.head_dim(), s.sequence};
            }},
    Product{"scores/key_gradient", Layout::kTn,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.head_dim(), s.sequence};
            }},
    Product{"context/forward", Layout::kNn,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.head_dim(), s.sequence};
            }},
    Product{"context/probability_gradient", Layout::kNt,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.sequence, s.head_dim()};
            }},
    Product{"context/value_gradient", Layout::kTn,
            [](S s) {
              return Sizes{s.matrices(), s.sequence, s.head_dim(), s.sequence};
            }},
};

void torch_multiply(Layout layout, at::Tensor out, const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor op_a = layout == Layout::kTn ? a.transpose(-2, -1) : a;
  const at::Tensor op_b = layout == Layout::kNt ? b.transpose(-2, -1) : b;
  if (out.dim() == 3) {
    at::bmm_out(out, op_a, op_b);
  } else {
    at::mm_out(out, op_a, op_b);
  }
}

std::vector<int64_t> matrices(int64_t batch, int64_t rows, int64_t columns) {
  return batch == 1 ? std::vector<int64_t>{rows, columns}
                    : std::vector<int64_t>{batch, rows, columns};
}

Case gemm_case(const Product& product, const Setting& setting) {
  const auto [batch, m, n, k] = product.sizes(setting);
  const Layout layout = product.layout;
  RandomTensors random(setting);
  const at::Tensor a =
      random(layout == Layout::kTn ? matrices(batch, k, m) : matrices(batch, m, k));
  const at::Tensor b =
      random(layout == Layout::kNt ? matrices(batch, n, k) : matrices(batch, k, n));
  const at::Tensor out = unwritten(setting, matrices(batch, m, n));
  const at::Tensor torch_out = unwritten(setting, out.sizes());
  return {.fused = gemm_call(layout, out, a, b),
          .fused_outputs = {out},
          .torch = [=]() -> Tensors {
            torch_multiply(layout, torch_out, a, b);
            return {torch_out};
          },
          .work = 2 * batch* m* n* k};
}

}  // namespace

std::vector<Operator> gemm_operators() {
  std::vector<Operator> operators;
  for (const Product& product : kProducts) {
    operators.push_back({std::string("gemm/") + product.name,
                         [product](const Setting& setting) { return gemm_case(product, setting); },
                         kProductAgreement, WorkUnit::kFlops});
  }
  return operators;
}

}  // namespace apps
