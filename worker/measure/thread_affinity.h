#pragma once

#include <vector>

namespace worker {

/// Processors that each thread of a parallel region may run on, as the threads themselves find
/// them: one entry for every thread that OpenMP really gives, in the order of their numbers.
using ThreadAffinity = std::vector<std::vector<int>>;

ThreadAffinity read_thread_affinity();

/// Whether each of the threads has one processor, and no two have the same.
bool is_pinned(const ThreadAffinity& affinity);

}  // namespace worker
