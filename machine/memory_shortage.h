#pragma once

namespace machine {

/// What a program says where it got no memory, and what to do: the words of std::bad_alloc are its
/// name alone.
inline constexpr const char* kMemoryShortage =
    "out of memory: this machine, or a limit on the process (ulimit), has no room for what was "
    "asked; "
    "raise the limit, or give less to do at once";

/// From now on where std::bad_alloc leaves a destructor, as nlohmann::json's may, which need memory
/// to free memory, the program says "<program>: <kMemoryShortage>" on standard error and exits with
/// `status`, instead of aborting. `program` must stay.
void exit_on_memory_shortage(const char* program, int status);

}  // namespace machine
