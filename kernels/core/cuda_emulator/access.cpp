#include "kernels/core/cuda_emulator/access.h"

#include <fmt/format.h>

#include "kernels/core/cuda_emulator/block.h"
#include "kernels/core/cuda_emulator/global_memory.h"

// The linker's names for where the program begins and ends in memory.
extern "C" const char __executable_start;
extern "C" const char _end;

namespace kernels::cuda_emulator {
namespace {

uintptr_t address_of(const void* pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

const char* verb(Access access) {
  switch (access) {
    case Access::kRead:
      return "reads";
    case Access::kWrite:
      return "writes";
    case Access::kAtomic:
      break;
  }
  return "updates";
}

/// For addr2line -e PROGRAM.
std::string origin(const void* from) {
  if (from == nullptr) return "";
  return fmt::format(" (program address {:#x})",
                     address_of(from) - address_of(&__executable_start));
}

std::string place_name(const SharedMemory& shared, uintptr_t address) {
  if (shared.contains(address)) {
    const SharedMemory::Place place = shared.place(address);
    const std::string variable = place.variable == 0
                                     ? "dynamic shared memory"
                                     : fmt::format("shared variable {}", place.variable);
    return fmt::format("byte {} of {} of {} bytes", place.offset, variable, place.size);
  }
  const GlobalMemory::Buffer* buffer = GlobalMemory::instance().before(address);
  if (buffer == nullptr) return fmt::format("address {:#x} before every buffer", address);
  return fmt::format("byte {} of {} of {} bytes", address - buffer->begin, buffer->name,
                     buffer->bytes);
}

std::string reason(const Block& block, const Finding& finding) {
  switch (finding.conflict) {
    case Conflict::kOtherBlock:
      return "which another block of the launch touches";
    case Conflict::kInFlight:
      return "which cp.async may still fill: no wait for it lies between";
    case Conflict::kUnordered:
    case Conflict::kNone:
      break;
  }
  const bool many = !finding.other_wrote && finding.other_thread == 0xffff;
  return fmt::format("which {} {} with no barrier between",
                     many ? "threads of several warps" : block.name_of(finding.other_thread),
                     finding.other_wrote ? "wrote" : "read");
}

/// What device code may read besides buffers: its arguments and the program's constants.
bool is_readable(const Block& block, uintptr_t address, size_t bytes) {
  const uintptr_t arguments = address_of(block.call().arguments);
  if (address >= arguments && address + bytes <= arguments + block.call().bytes) return true;
  return address >= address_of(&__executable_start) && address + bytes <= address_of(&_end);
}

}  // namespace

void check_aligned(Thread& thread, const void* address, size_t bytes, const void* from) {
  if (address_of(address) % bytes == 0) return;
  Block& block = *thread.block;
  block.fail(thread, Fault::kMisaligned,
             fmt::format("touches {} bytes at {}, which is not aligned to them{}", bytes,
                         place_name(block.shared(), address_of(address)), origin(from)));
}

void check_access(Thread& thread, const void* pointer, size_t bytes, Access access,
                  const void* from) {
  const uintptr_t address = address_of(pointer);
  if (address - thread.stack_low < FiberStacks::kBytes) return;
  Block& block = *thread.block;
  SharedMemory& shared = block.shared();
  Moment now = block.moment(thread);
  ShadowCell* cell = nullptr;
  if (shared.contains(address)) {
    // Other blocks have their own.
    now.launch = now.block;
    if (shared.holds(address, bytes)) cell = shared.cell(address);
  } else if (auto* buffer = GlobalMemory::instance().find(address, bytes); buffer != nullptr) {
    cell = buffer->cell(address);
  } else if (access == Access::kRead && is_readable(block, address, bytes)) {
    return;
  }
  if (cell == nullptr) {
    block.fail(thread, Fault::kOutOfBounds,
               fmt::format("{} {} bytes at {}{}", verb(access), bytes, place_name(shared, address),
                           origin(from)));
  }
  const ShadowCell* end = cell + (address % 2 + bytes + 1) / 2;
  for (uintptr_t at = address; cell < end; ++cell, at += 2) {
    const Finding finding =
        access == Access::kRead ? cell->read(now) : cell->write(now, access == Access::kAtomic);
    if (finding.conflict == Conflict::kNone) continue;
    const Fault fault =
        finding.conflict == Conflict::kInFlight ? Fault::kUnfinishedCopy : Fault::kRace;
    block.fail(thread, fault,
               fmt::format("{} {}, {}{}", verb(access), place_name(shared, at),
                           reason(block, finding), origin(from)));
  }
}

void mark_in_flight(Thread& thread, const void* address, size_t bytes, bool in_flight) {
  SharedMemory& shared = thread.block->shared();
  if (!shared.contains(address_of(address))) {
    thread.block->fail(thread, Fault::kOutOfBounds, "fills no shared memory by cp.async");
  }
  ShadowCell* cell = shared.cell(address_of(address));
  for (size_t i = 0; i < bytes / 2; ++i) cell[i].set_in_flight(in_flight);
}

}  // namespace kernels::cuda_emulator
