#include "worker/memory/cpu_allocator.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "machine/memory.h"
#include "worker/memory/machine_memory.h"
#include "worker/memory/phase_names.h"
#include "worker/memory/planning_scope.h"
#include "worker/memory/rounding.h"

namespace worker {

/// Lies before every block's data and keeps the data aligned.
struct CpuAllocator::Header {
  static constexpr uint64_t kMagic = 0x62656e6368626c6b;
  Allocation allocation;
  const void* caller;
  uint64_t magic;
};

namespace {

constexpr size_t kHeaderBytes = 64;
constexpr int64_t kLargestBlock = std::numeric_limits<int64_t>::max() / 4;
constexpr uint8_t kPriority = 100;  // above LibTorch's own

}  // namespace

CpuAllocator& CpuAllocator::instance() {
  static CpuAllocator* const allocator = [] {
    auto* const created = new CpuAllocator();
    c10::SetAllocator(c10::kCPU, created, kPriority);
    return created;
  }();
  return *allocator;
}

CpuAllocator::CpuAllocator()
    : resident_at_start_(resident_bytes()),
      cache_([this] {
        // What is mapped but not yet touched is still counted as available by the machine.
        const int64_t touched = std::max<int64_t>(resident_bytes() - resident_at_start_, 0);
        const int64_t untouched = std::max<int64_t>(cache_.held_bytes() - touched, 0);
        return machine::available_memory_bytes().value_or(kLargestBlock) - machine_floor_bytes() -
               untouched;
      }),
      ledger_(std::make_unique<Ledger>()) {
  static_assert(sizeof(Header) <= kHeaderBytes);
}

void CpuAllocator::begin_run(const RunOptions& options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
  last_refusal_.reset();
  ledger_ = std::make_unique<Ledger>();
}

harness::MemoryFootprint CpuAllocator::footprint() const {
  const std::lock_guard lock(mutex_);
  auto footprint = ledger_->footprint();
  footprint.reserved_bytes = cache_.held_bytes();
  return footprint;
}

std::optional<Refusal> CpuAllocator::last_refusal() const {
  const std::lock_guard lock(mutex_);
  return last_refusal_;
}

void CpuAllocator::trim() {
  const std::lock_guard lock(mutex_);
  cache_.trim();
}

c10::DataPtr CpuAllocator::allocate(size_t bytes) {
  void* const data = bytes == 0 ? nullptr : take(bytes, __builtin_return_address(0));
  return {data, data, &delete_tensor, c10::Device(c10::kCPU)};
}

c10::DeleterFnPtr CpuAllocator::raw_deleter() const {
  return &delete_scratch;
}

void CpuAllocator::copy_data(void* destination, const void* source, std::size_t bytes) const {
  default_copy_data(destination, source, bytes);
}

void CpuAllocator::delete_tensor(void* data) {
  instance().give_back(data, false);
}

void CpuAllocator::delete_scratch(void* data) {
  instance().give_back(data, true);
}

void* CpuAllocator::take(size_t bytes, const void* caller) {
  const std::lock_guard lock(mutex_);
  if (bytes > static_cast<size_t>(kLargestBlock)) refuse(Refusal::Reason::kMachine, kLargestBlock);
  const int64_t rounded = rounded_bytes(static_cast<int64_t>(bytes), kCpuGranularity);
  Ledger* const ledger = counting_ledger();
  if (ledger == ledger_.get() && options_.limit_bytes &&
      rounded > *options_.limit_bytes - ledger->live_bytes()) {
    refuse(Refusal::Reason::kLimit, rounded);
  }
  void* const block = cache_.take(static_cast<size_t>(rounded) + kHeaderBytes);
  if (block == nullptr) refuse(Refusal::Reason::kMachine, rounded);
  void* const data = static_cast<char*>(block) + kHeaderBytes;
  auto* const header = new (block) Header{{.bytes = rounded}, caller, Header::kMagic};
  if (ledger != nullptr) {
    header->allocation = ledger->allocate(rounded, is_scratch_caller(caller));
  }
  if (options_.poison) std::memset(data, 0xFF, static_cast<size_t>(rounded));
  return data;
}

void CpuAllocator::give_back(void* data, bool scratch) {
  if (data == nullptr) return;
  const std::lock_guard lock(mutex_);
  auto* const block = static_cast<char*>(data) - kHeaderBytes;
  auto* const header = reinterpret_cast<Header*>(block);
  if (header->magic != Header::kMagic) {
    std::fputs("bench_worker: a CPU block is freed that this allocator did not make\n", stderr);
    std::abort();
  }
  if (scratch && !is_scratch_caller(header->caller)) scratch_callers_.push_back(header->caller);
  Ledger* const ledger = counting_ledger();
  if (ledger != nullptr && ledger->id() == header->allocation.ledger) {
    if (scratch) ledger->reclassify_as_scratch(header->allocation);
    ledger->release(header->allocation);
  }
  header->magic = 0;
  cache_.put(block, static_cast<size_t>(header->allocation.bytes) + kHeaderBytes);
}

Ledger* CpuAllocator::counting_ledger() const {
  const auto* const planning = PlanningScope::current();
  if (planning == nullptr) return ledger_.get();
  return planning->device() == PlannedDevice::kCpu ? &planning->ledger() : nullptr;
}

bool CpuAllocator::is_scratch_caller(const void* caller) const {
  return std::find(scratch_callers_.begin(), scratch_callers_.end(), caller) !=
         scratch_callers_.end();
}

void CpuAllocator::refuse(Refusal::Reason reason, int64_t bytes) {
  const int64_t in_use = ledger_->live_bytes();
  last_refusal_ = Refusal{reason, {bytes, in_use, ledger_->live()}, ledger_->phase()};
  const auto why = reason == Refusal::Reason::kLimit
                       ? fmt::format("the limit is {} bytes", options_.limit_bytes.value_or(0))
                       : std::string("this machine's own memory has no room");
  TORCH_CHECK_WITH(OutOfMemoryError, false,
                   fmt::format("out of memory in {}: {} bytes asked for, {} in use, {}",
                               phase_name(ledger_->phase()), bytes, in_use, why));
}

}  // namespace worker
