#pragma once

#include <vector>

#include "harness/protocol/record.h"
#include "worker/check/check_run.h"

namespace worker {

/// The verdict on `candidate` by `reference`, tensor by tensor in the same order of names: passed;
/// incorrect, naming the tensor with the largest error relative to its tolerance; or mistrusted
/// where the reference itself proves nothing (not finite, or mostly zeros).
harness::CheckResult compare_with_reference(const std::vector<NamedTensor>& candidate,
                                            const std::vector<NamedTensor>& reference,
                                            const std::string& precision);

/// The verdict on one implementation from its check with dropout and that without: the worse of
/// them (mistrusted, then the error that is larger relative to its tolerance), tensors of both.
harness::CheckResult merge(const harness::CheckResult& with_dropout,
                           harness::CheckResult without_dropout);

/// Norm of the difference over the norm of `scale`; infinity where it is not a number or `value` is
/// missing or of another shape.
double relative_error(const at::Tensor& value, const at::Tensor& reference,
                      const at::Tensor& scale);

}  // namespace worker
