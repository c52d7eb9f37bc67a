#pragma once

namespace worker {

/// Has LibTorch, MKL and oneDNN load and initialize what they do at their first use, so that no
/// step pays for it, and lets the CPU allocator see where oneDNN asks for scratch.
void warm_up_libraries();

}  // namespace worker
