#include "kernels/core/cuda_emulator/block.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace kernels::cuda_emulator {
namespace {

Thread* running = nullptr;

/// Numbers barrier intervals for the whole process, so that no shadow has to be cleared.
uint32_t last_interval = 0;

/// Stacks are worth keeping: mapping them takes longer than running a small block.
FiberStacks& stacks() {
  static FiberStacks all;
  return all;
}

std::string_view file_name(const char* path) {
  const std::string_view whole(path);
  return whole.substr(whole.find_last_of('/') + 1);
}

}  // namespace

Thread* running_thread() {
  return running;
}

Block::Block(const KernelCall& call, const LaunchShape& shape, std::mt19937_64& random)
    : call_(call),
      shape_(shape),
      random_(random),
      threads_(shape.block.count()),
      warps_((threads_.size() + kWarpLanes - 1) / kWarpLanes),
      launch_interval_(++last_interval) {
  stacks().reserve(threads_.size());
}

// ---- the scheduler

void Block::begin(Extent index) {
  index_ = index;
  finished_ = 0;
  at_barrier_ = 0;
  block_interval_ = interval_ = ++last_interval;
  shared_.begin_block(shape_.shared_bytes);
  std::fill(warps_.begin(), warps_.end(), Warp{});
  for (size_t i = 0; i < threads_.size(); ++i) {
    Thread& thread = threads_[i];
    const auto number = static_cast<uint16_t>(i);
    const Extent size = shape_.block;
    const uint32_t row = number / size.x;
    thread.block = this;
    thread.index = {number % size.x, row % size.y, row / size.y};
    thread.number = number;
    thread.state = Thread::State::kRunnable;
    thread.stack_low = stacks().low(i);
    thread.stack_pointer = new_fiber(thread.stack_low, thread_entry);
    thread.clock = 1;
    thread.view.fill(0);
    thread.copies.clear();
    warps_[i / kWarpLanes].exists |= 1U << (i % kWarpLanes);
  }
  for (Warp& warp : warps_) warp.runnable = warp.exists;
}

uint32_t Block::take_lane(Warp& warp) {
  auto nth = static_cast<uint32_t>(random_() % static_cast<uint32_t>(std::popcount(warp.runnable)));
  uint32_t lanes = warp.runnable;
  for (; nth > 0; --nth) lanes &= lanes - 1;
  const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
  warp.runnable &= ~(1U << lane);
  return lane;
}

void Block::run(Extent index) {
  begin(index);
  while (finished_ < threads_.size()) {
    // Any warp that can go on, from a random one on.
    const auto first = static_cast<size_t>(random_() % warps_.size());
    size_t tried = 0;
    while (tried < warps_.size() && warps_[(first + tried) % warps_.size()].runnable == 0) ++tried;
    if (tried == warps_.size()) report_stall();
    const size_t number = (first + tried) % warps_.size();
    Warp& warp = warps_[number];
    while (warp.runnable != 0) {
      resume(thread(static_cast<uint32_t>(number), take_lane(warp)));
      if (failed_) throw EmulatorError(fault_, error_);
    }
  }
}

void Block::resume(Thread& thread) {
  running = &thread;
  bench_switch_fiber(&scheduler_, thread.stack_pointer);
  running = nullptr;
}

void Block::pause(Thread& thread) {
  bench_switch_fiber(&thread.stack_pointer, scheduler_);
}

void Block::thread_entry() {
  Thread& thread = *running;
  Block& block = *thread.block;
  block.call_.run(block.call_.arguments);
  block.finish(thread);
}

void Block::finish(Thread& thread) {
  if (!thread.copies.empty()) {
    fail(thread, Fault::kUnfinishedCopy, "exits while its cp.async copies are under way");
  }
  thread.state = Thread::State::kFinished;
  ++finished_;
  pause(thread);
}

void Block::make_runnable(Thread& thread) {
  thread.state = Thread::State::kRunnable;
  warps_[thread.number / kWarpLanes].runnable |= 1U << (thread.number % kWarpLanes);
}

// ---- synchronisation

void Block::wait_at_barrier(Thread& thread, std::source_location where) {
  thread.state = Thread::State::kAtBarrier;
  thread.where = where;
  if (++at_barrier_ < threads_.size()) {
    pause(thread);
    return;
  }
  const auto elsewhere = std::find_if(threads_.begin(), threads_.end(), [&](const Thread& other) {
    return other.where.line() != where.line() ||
           std::string_view(other.where.file_name()) != where.file_name();
  });
  if (elsewhere != threads_.end()) {
    fail(thread, Fault::kDivergentBarrier,
         fmt::format("waits at {}, while {} waits at another barrier, {}", where_it_is(thread),
                     name_of(*elsewhere), where_it_is(*elsewhere)));
  }
  at_barrier_ = 0;
  interval_ = ++last_interval;
  for (Thread& each : threads_) make_runnable(each);
  // In a new order, this thread with the others.
  pause(thread);
}

void Block::wait_for_warp(Thread& thread, uint32_t mask, WarpOperation operation, void* argument,
                          std::source_location where) {
  const uint32_t number = thread.number / kWarpLanes;
  thread.where = where;
  if ((mask >> (thread.number % kWarpLanes) & 1U) == 0) {
    fail(thread, Fault::kDivergentWarp,
         fmt::format("is not in the mask {:#010x} of its own warp operation at {}:{}", mask,
                     file_name(where.file_name()), where.line()));
  }
  thread.state = Thread::State::kInWarpOperation;
  thread.mask = mask;
  thread.operation = operation;
  thread.argument = argument;
  // Lanes that the block does not have (its size is no multiple of 32) count as finished.
  std::array<void*, 32> arguments = {};
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if ((mask >> lane & 1U) == 0) continue;
    if ((warps_[number].exists >> lane & 1U) == 0) {
      fail(
          thread, Fault::kDivergentWarp,
          fmt::format("names lane {}, which the block does not have, in the mask {:#010x} at {}:{}",
                      lane, mask, file_name(where.file_name()), where.line()));
    }
    const Thread& other = this->thread(number, lane);
    const bool here = other.state == Thread::State::kInWarpOperation && other.mask == mask &&
                      other.operation == operation;
    if (!here) {
      pause(thread);
      return;
    }
    arguments[lane] = other.argument;
  }
  operation(*this, number, arguments);
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if (arguments[lane] != nullptr) make_runnable(this->thread(number, lane));
  }
  pause(thread);
}

void Block::order_lanes(uint32_t warp, uint32_t mask) {
  std::array<uint32_t, kWarpLanes> joined = {};
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if ((mask >> lane & 1U) == 0) continue;
    const Thread& member = thread(warp, lane);
    for (uint32_t i = 0; i < kWarpLanes; ++i) joined[i] = std::max(joined[i], member.view[i]);
    joined[lane] = std::max(joined[lane], member.clock);
  }
  const uint32_t clock = ++warps_[warp].syncs + 1;
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if ((mask >> lane & 1U) == 0) continue;
    thread(warp, lane).view = joined;
    thread(warp, lane).clock = clock;
  }
}

Moment Block::moment(const Thread& thread) const {
  return {launch_interval_, block_interval_, interval_,
          thread.clock,     thread.number,   thread.view.data()};
}

void* Block::shared_variable(Thread& thread, const void* tag, size_t bytes, size_t alignment) {
  void* variable = shared_.variable(tag, bytes, alignment);
  if (variable == nullptr) {
    fail(thread, Fault::kBadLaunch,
         fmt::format("needs more shared memory than a device has ({} bytes besides what is there)",
                     bytes));
  }
  return variable;
}

// ---- errors

std::string Block::prefix() const {
  return fmt::format("{}: block ({}, {}, {})", call_.name, index_.x, index_.y, index_.z);
}

std::string Block::name_of(const Thread& thread) const {
  return fmt::format("thread ({}, {}, {})", thread.index.x, thread.index.y, thread.index.z);
}

std::string Block::where_it_is(const Thread& thread) const {
  const std::string place =
      fmt::format("{}:{}", file_name(thread.where.file_name()), thread.where.line());
  switch (thread.state) {
    case Thread::State::kAtBarrier:
      return "__syncthreads at " + place;
    case Thread::State::kInWarpOperation:
      return fmt::format("a warp operation of the lanes {:#010x} at {}", thread.mask, place);
    case Thread::State::kFinished:
      return "its end";
    case Thread::State::kRunnable:
      break;
  }
  return "work";
}

void Block::fail(Thread& thread, Fault fault, const std::string& what) {
  failed_ = true;
  fault_ = fault;
  error_ = fmt::format("{} {}: {}", prefix(), name_of(thread), what);
  // Nothing unwinds the fibers: instrumented code is compiled as if its checks could not throw, and
  // device code owns nothing.
  while (true) pause(thread);
}

void Block::report_stall() {
  const auto waits_in = [&](Thread::State state) {
    return std::find_if(threads_.begin(), threads_.end(),
                        [&](const Thread& thread) { return thread.state == state; });
  };
  // A warp operation that cannot end explains a barrier that is not reached.
  const auto in_warp = waits_in(Thread::State::kInWarpOperation);
  if (in_warp != threads_.end()) {
    const uint32_t warp = in_warp->number / kWarpLanes;
    for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
      if ((in_warp->mask >> lane & 1U) == 0) continue;
      const Thread& other = thread(warp, lane);
      if (other.state == in_warp->state && other.mask == in_warp->mask &&
          other.operation == in_warp->operation) {
        continue;
      }
      throw EmulatorError(
          Fault::kDivergentWarp,
          fmt::format("{} {}: waits at {}, but lane {} of its warp is at {}", prefix(),
                      name_of(*in_warp), where_it_is(*in_warp), lane, where_it_is(other)));
    }
  }
  const auto at_barrier = waits_in(Thread::State::kAtBarrier);
  const auto other = std::find_if(threads_.begin(), threads_.end(), [](const Thread& thread) {
    return thread.state != Thread::State::kAtBarrier;
  });
  throw EmulatorError(
      Fault::kDivergentBarrier,
      fmt::format("{} {}: waits at {}, but {} is at {}", prefix(), name_of(*at_barrier),
                  where_it_is(*at_barrier), name_of(*other), where_it_is(*other)));
}

}  // namespace kernels::cuda_emulator
