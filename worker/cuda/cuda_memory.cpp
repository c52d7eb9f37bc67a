#include "worker/cuda/cuda_memory.h"

#include <algorithm>

#include <ATen/Context.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>

#include "worker/memory/device_refusal.h"
#include "worker/memory/rounding.h"

namespace worker {
namespace {

namespace allocator = c10::cuda::CUDACachingAllocator;
using c10::CachingAllocator::StatType;
using c10::CachingDeviceAllocator::TraceEntry;

struct DeviceBytes {
  size_t free = 0;
  size_t total = 0;
};

DeviceBytes device_bytes(c10::DeviceIndex device) {
  const c10::cuda::CUDAGuard guard(device);
  DeviceBytes bytes;
  C10_CUDA_CHECK(cudaMemGetInfo(&bytes.free, &bytes.total));
  return bytes;
}

/// Of `statistic`, over the small and the large pool.
const c10::CachingAllocator::Stat& total_of(const c10::CachingAllocator::StatArray& statistic) {
  return statistic[static_cast<size_t>(StatType::AGGREGATE)];
}

}  // namespace

CudaMemory::CudaMemory(c10::DeviceIndex device)
    : device_(device), ledger_(std::make_unique<Ledger>()) {
  at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
  allocator::attachAllocatorTraceTracker([this](const TraceEntry& event) { observe(event); });
}

void CudaMemory::begin_run(const RunOptions& options) {
  const double total = static_cast<double>(device_bytes(device_).total);
  const double limit =
      options.limit_bytes ? static_cast<double>(*options.limit_bytes) / total : 1.0;
  allocator::emptyCache();
  allocator::setMemoryFraction(std::min(limit, 1.0), device_);
  allocator::resetPeakStats(device_);
  const std::lock_guard lock(mutex_);
  ledger_ = std::make_unique<Ledger>();
  limited_ = options.limit_bytes.has_value();
  blocks_.clear();
  last_refusal_.reset();
}

harness::MemoryFootprint CudaMemory::footprint() const {
  const auto statistics = allocator::getDeviceStats(device_);
  const std::lock_guard lock(mutex_);
  auto footprint = ledger_->footprint();
  const int64_t peak = std::max(total_of(statistics.allocated_bytes).peak, footprint.peak_bytes);
  footprint.at_peak.other += peak - footprint.peak_bytes;
  footprint.peak_bytes = peak;
  footprint.reserved_bytes = total_of(statistics.reserved_bytes).peak;
  return footprint;
}

std::optional<Refusal> CudaMemory::last_refusal() const {
  const std::lock_guard lock(mutex_);
  return last_refusal_;
}

int64_t CudaMemory::outside_bytes() const {
  const DeviceBytes bytes = device_bytes(device_);
  const auto statistics = allocator::getDeviceStats(device_);
  return static_cast<int64_t>(bytes.total - bytes.free) -
         total_of(statistics.reserved_bytes).current;
}

void CudaMemory::observe(const TraceEntry& event) {
  if (event.device_ != device_) return;
  const std::lock_guard lock(mutex_);
  switch (event.action_) {
    case TraceEntry::ALLOC:
      count(event.addr_, static_cast<int64_t>(event.size_));
      break;
    case TraceEntry::FREE_COMPLETED:
      release(event.addr_);
      break;
    case TraceEntry::OOM: {
      const auto free_bytes = static_cast<int64_t>(event.addr_);  // LibTorch puts them there
      last_refusal_ =
          device_refusal(*ledger_, static_cast<int64_t>(event.size_), free_bytes, limited_);
      break;
    }
    default:
      break;
  }
}

void CudaMemory::count(uint64_t address, int64_t bytes) {
  blocks_[address] = ledger_->allocate(rounded_bytes(bytes, kCudaGranularity));
}

void CudaMemory::release(uint64_t address) {
  const auto block = blocks_.find(address);
  if (block == blocks_.end()) return;  // of an earlier run
  ledger_->release(block->second);
  blocks_.erase(block);
}

}  // namespace worker
