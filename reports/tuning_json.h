#pragma once

#include <string>

#include "harness/tuning/tuning_result.h"

namespace reports {

/// tuning.json; docs/tuning.md describes its keys.
std::string tuning_json(const harness::TuningResult& result);

}  // namespace reports
