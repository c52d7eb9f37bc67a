#include "apps/bench_kernels/copy.h"

#include <cstring>

#include <hwy/cache_control.h>

#include "apps/bench_kernels/best_time.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "apps/bench_kernels/copy.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace apps {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::ScalableTag<uint8_t> kBytes;
constexpr int64_t kVectorBytes = hn::MaxLanes(kBytes);

/// Whole vectors; the buffers are aligned.
void copy_vectors(uint8_t* to, const uint8_t* from, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += kVectorBytes) {
    hn::Store(hn::Load(kBytes, from + i), kBytes, to + i);
  }
}

void copy_streaming(uint8_t* to, const uint8_t* from, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += kVectorBytes) {
    hn::Stream(hn::Load(kBytes, from + i), kBytes, to + i);
  }
  hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace apps
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace apps {

HWY_EXPORT(copy_vectors);
HWY_EXPORT(copy_streaming);

namespace {

/// A thread's share is a multiple of this.
constexpr int64_t kLine = 64;

at::Tensor buffer(int64_t bytes) {
  return at::ones({bytes}, at::TensorOptions(at::kByte));
}

}  // namespace

Copy::Copy(int64_t bytes)
    : bytes_((bytes / 2 + kLine - 1) / kLine * kLine),
      source_(buffer(bytes_)),
      destination_(buffer(bytes_)) {
  for (const Method method : kMethods) {
    const double rate = 2 * static_cast<double>(bytes_) / best_time([&] { copy_with(method); });
    if (rate > rate_) {
      rate_ = rate;
      best_ = method;
    }
  }
}

void Copy::copy_with(Method method) const {
  uint8_t* const to = destination_.mutable_data_ptr<uint8_t>();
  const uint8_t* const from = source_.const_data_ptr<uint8_t>();
  kernels::parallel_for(bytes_ / kLine, kLine, [&](int64_t begin, int64_t end) {
    const int64_t first = begin * kLine;
    const int64_t count = (end - begin) * kLine;
    switch (method) {
      case Method::kMemcpy:
        std::memcpy(to + first, from + first, static_cast<size_t>(count));
        return;
      case Method::kVectors:
        HWY_DYNAMIC_DISPATCH(copy_vectors)(to + first, from + first, count);
        return;
      case Method::kStreaming:
        HWY_DYNAMIC_DISPATCH(copy_streaming)(to + first, from + first, count);
        return;
    }
  });
}

}  // namespace apps
#endif  // HWY_ONCE
