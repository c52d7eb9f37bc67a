#pragma once

#include "model/implementation.h"

namespace apps {

/// Every implementation and optimizer that bench_worker runs, in the order of catalog().
model::Registry registry();

}  // namespace apps
