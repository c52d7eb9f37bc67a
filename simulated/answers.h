#pragma once

#include "serve/serve.h"

namespace simulated {

/// The worker of the simulated device (docs/simulated_device.md). It plans by the formula that it
/// measures by; a trace is an error, since nothing runs that could be recorded.
serve::Answers answers();

}  // namespace simulated
