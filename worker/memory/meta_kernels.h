#pragma once

namespace worker {

/// Registers, once, kernels for the meta device that LibTorch's C++ lacks and that training BERT
/// needs. Each allocates what the real kernel of the planned device (PlanningScope; the CPU where
/// there is none) allocates: its results and, for as long as it runs, its temporaries. LibTorch's
/// own meta kernels allocate results alone; those whose real kernel has temporaries of consequence
/// are replaced. The first call starts CpuAllocator's counting anew.
void install_meta_kernels();

}  // namespace worker
