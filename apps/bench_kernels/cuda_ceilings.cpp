#include "apps/bench_kernels/cuda_ceilings.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "apps/bench_kernels/run_queue.h"
#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"
#include "kernels/core/settled_time.h"

namespace apps {

double CudaCeilings::flops_per_second(at::ScalarType dtype) const {
  if (dtype == at::kFloat) return peak_.fp32_flops_per_second;
  return (dtype == at::kHalf ? peak_.fp16_flops_per_second : peak_.bf16_flops_per_second).value();
}

const kernels::DeviceProduct& CudaCeilings::product(at::ScalarType dtype) {
  const auto found = products_.find(dtype);
  if (found != products_.end()) return found->second;
  auto made = dtype == at::kHalf ? kernels::DeviceProduct::make<kernels::float16>(
                                       kernels::kPeakProductSize, timer_.stream())
                                 : kernels::DeviceProduct::make<kernels::bfloat16>(
                                       kernels::kPeakProductSize, timer_.stream());
  return products_.emplace(dtype, std::move(made).value()).first->second;
}

Work CudaCeilings::products(int64_t flops, at::ScalarType dtype) {
  if (dtype == at::kFloat) {
    return {[this, flops] { multiply_adds_.run(flops, timer_.stream()); },
            multiply_adds_.flops_of_run(flops)};
  }
  const kernels::DeviceProduct& one = product(dtype);
  return {[this, &one] { one.run(timer_.stream()); }, one.flops()};
}

void CudaCeilings::hold_copy(int64_t bytes) {
  if (copied_bytes_ == bytes) return;
  copy_.reset();
  copied_bytes_ = bytes;
  copy_.emplace(bytes, timer_.stream());
  if (copy_rates_.contains(bytes)) return;
  const auto run = [this] { copy_->run(timer_.stream()); };
  const double host_seconds = timer_.host_seconds(run);
  const double fastest = kernels::settled_time([&] {
    const std::vector<double> seconds =
        timer_.seconds(queued_runs(host_seconds), host_seconds, run);
    return *std::min_element(seconds.begin(), seconds.end());
  });
  copy_rates_[bytes] = static_cast<double>(bytes) / fastest;
}

double CudaCeilings::copied_bytes_per_second(int64_t bytes) {
  if (!copy_rates_.contains(bytes)) hold_copy(bytes);
  return copy_rates_.at(bytes);
}

Work CudaCeilings::copies(int64_t bytes) {
  return {[this, bytes] {
            hold_copy(bytes);
            copy_->run(timer_.stream());
          },
          bytes};
}

}  // namespace apps
