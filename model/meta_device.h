#pragma once

namespace model {

/// Whether this thread's tensors on meta stand for those of a CUDA device rather than of the CPU:
/// set by whoever plans, read where the two take different workspace.
inline thread_local bool meta_stands_for_cuda = false;

}  // namespace model
