#pragma once

#include <string>

#include <cupti_result.h>

namespace worker {

/// Why CUPTI does not `what` ("record kernels"), and what to do about it, one line.
std::string cupti_refusal(CUptiResult result, const std::string& what);

/// Throws std::runtime_error with cupti_refusal() unless `result` is success.
void check_cupti(CUptiResult result, const std::string& what);

}  // namespace worker
