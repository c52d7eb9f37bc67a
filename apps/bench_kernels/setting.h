#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace apps {

/// What an operator is measured at: the sizes of one BERT layer, the precision, dropout.
struct Setting {
  std::string model;
  int64_t batch = 0;  ///< a micro-batch that the sweeps measure, or one that fills a GPU
  int64_t sequence = 0;
  int64_t heads = 0;
  int64_t hidden = 0;
  int64_t intermediate = 0;
  at::ScalarType dtype = at::kFloat;
  double dropout = 0.1;
  at::Device device = at::kCPU;

  int64_t head_dim() const { return hidden / heads; }
  int64_t rows() const { return batch * sequence; }
  /// Matrices of attention.
  int64_t matrices() const { return batch * heads; }
  /// "fp32", "fp16" or "bf16".
  std::string precision() const;
};

/// The sequence length that the sweeps measure at.
inline constexpr int64_t kUsualSequence = 384;

/// Every model on `device` in each of `precisions`.
std::vector<Setting> settings(int64_t sequence, at::Device device,
                              const std::vector<at::ScalarType>& precisions);

}  // namespace apps
