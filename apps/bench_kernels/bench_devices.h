#pragma once

#include <memory>
#include <string>

#include "apps/bench_kernels/bench_device.h"

namespace apps {

/// The device of a kind, cpu or cuda, which must be there (worker::absence_of). `hot`: on cuda the
/// cache is not flushed before a run. Measures its ceilings.
std::unique_ptr<BenchDevice> make_bench_device(const std::string& kind, bool hot);

}  // namespace apps
