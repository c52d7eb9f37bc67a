#pragma once

#include <string>

#include "harness/protocol/record.h"

namespace simulated {

/// What a worker with the fault "garbage" writes in place of `record`, a passed one: one of
/// harness::kGarbageForms, or where `form` is empty one that is drawn.
std::string garbage(const harness::Record& record, std::string form);

}  // namespace simulated
