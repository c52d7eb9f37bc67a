#pragma once

#include <string>

namespace worker {

/// The largest relative error, norm of the difference over norm of the reference, that the
/// correctness gate accepts of the tensor `name` (NamedTensor) in `precision` ("fp32", "bf16").
double tolerance_of(const std::string& name, const std::string& precision);

/// The tensor whose reference an error of `name` is relative to: itself, but for a gradient that is
/// zero in exact arithmetic.
std::string scale_of(const std::string& name);

}  // namespace worker
