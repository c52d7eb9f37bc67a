#pragma once

#include "harness/protocol/catalog.h"

namespace apps {

/// Every implementation, flag and optimizer by name. The driver validates sweep files with it; the
/// worker's registry must offer exactly these (a test compares them).
const harness::Catalog& catalog();

}  // namespace apps
