#pragma once

namespace worker {

/// Makes every tensor that is created on the meta device count in its thread's PlanningScope, in
/// the sizes of the planned device. Installs itself as LibTorch's meta allocator, once; without a
/// scope nothing is counted.
void install_meta_allocator();

}  // namespace worker
