#pragma once

#include <string>

#include "harness/tuning/tuning_result.h"

namespace reports {

/// tuning.md.
std::string tuning_markdown(const harness::TuningResult& result);

}  // namespace reports
