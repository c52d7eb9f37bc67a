#include "kernels/core/memory_copy.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include <hwy/cache_control.h>
#include <omp.h>
#include <sys/mman.h>

#include "kernels/core/best_time.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/core/memory_copy.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kernels {
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
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(copy_vectors);
HWY_EXPORT(copy_streaming);

namespace {

/// A thread's share is a multiple of this.
constexpr int64_t kLine = 64;
constexpr int64_t kHugePage = int64_t{2} << 20;
constexpr int kPattern = 0x5A;
constexpr double kTrialSeconds = 0.05;

int64_t round_up(int64_t bytes, int64_t multiple) {
  return (bytes + multiple - 1) / multiple * multiple;
}

/// Calls body(begin, size) on every thread of a team of `threads`, with its part of `bytes`.
template <class Body>
void for_each_part(int64_t bytes, int threads, const Body& body) {
  const int64_t lines = bytes / kLine;
#pragma omp parallel num_threads(threads)
  {
    const int64_t thread = omp_get_thread_num();
    const int64_t team = omp_get_num_threads();
    const int64_t begin = lines * thread / team * kLine;
    body(begin, lines * (thread + 1) / team * kLine - begin);
  }
}

}  // namespace

void MemoryCopy::Free::operator()(uint8_t* memory) const {
  std::free(memory);
}

MemoryCopy::Buffer MemoryCopy::allocate(int64_t bytes) {
  const auto size = static_cast<size_t>(round_up(bytes, kHugePage));
  Buffer buffer(static_cast<uint8_t*>(std::aligned_alloc(kHugePage, size)));
  if (!buffer) throw std::bad_alloc();
  // A hint: without it the copy walks through 4 KiB pages.
  ::madvise(buffer.get(), size, MADV_HUGEPAGE);
  return buffer;
}

MemoryCopy::MemoryCopy(int64_t bytes, int threads)
    : bytes_(std::max(round_up(bytes / 2, kLine), kLine)),
      threads_(std::max(threads, 1)),
      source_(allocate(bytes_)),
      destination_(allocate(bytes_)) {
  for_each_part(bytes_, threads_, [&](int64_t begin, int64_t size) {
    std::memset(source_.get() + begin, kPattern, static_cast<size_t>(size));
  });
  for (const Method method : kMethods) {
    const double rate =
        2 * static_cast<double>(bytes_) / best_time(kTrialSeconds, [&] { copy_by(method); });
    if (rate > rate_) {
      rate_ = rate;
      best_ = method;
    }
  }
}

void MemoryCopy::copy_by(Method method) const {
  for_each_part(bytes_, threads_, [&](int64_t begin, int64_t size) {
    uint8_t* const to = destination_.get() + begin;
    const uint8_t* const from = source_.get() + begin;
    switch (method) {
      case Method::kMemcpy:
        std::memcpy(to, from, static_cast<size_t>(size));
        return;
      case Method::kVectors:
        HWY_DYNAMIC_DISPATCH(copy_vectors)(to, from, size);
        return;
      case Method::kStreaming:
        HWY_DYNAMIC_DISPATCH(copy_streaming)(to, from, size);
        return;
    }
  });
}

}  // namespace kernels
#endif  // HWY_ONCE
