#include "apps/bench_kernels/padded_rows.h"

#include <ATen/ops/arange.h>

#include "kernels/tensor/device.h"

namespace apps {

PaddedRows::PaddedRows(const Setting& setting) {
  for (int64_t b = 0; b <= setting.batch; ++b) offsets_.push_back(b * setting.sequence);
  if (!kernels::runs_on_cuda(setting.device)) return;
  on_device_ = at::arange(setting.batch + 1, at::TensorOptions(at::kLong).device(setting.device))
                   .mul(setting.sequence);
}

kernels::SequenceRows PaddedRows::rows() const {
  return {offsets_.data(), static_cast<int64_t>(offsets_.size()) - 1,
          on_device_.defined() ? on_device_.const_data_ptr<int64_t>() : nullptr};
}

}  // namespace apps
