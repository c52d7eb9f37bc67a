#pragma once

#include <string>

#include "serve/request.h"

namespace simulated {

/// What the worker writes for one round: a record, or with the fault "garbage" something else.
/// With the faults "crash" and "hang" it does not return. Names the phases it enters on standard
/// error, and with `real_time` lasts as long as the steps, warm-up included, claim to.
std::string measure(const serve::MeasureRequest& request);

}  // namespace simulated
