#pragma once

#include <vector>

#include "apps/bench_kernels/subject.h"

namespace apps {

/// Forward and backward of one encoder layer, `fused` with and without flags beside LibTorch's
/// implementations: "layer/full", every sequence of full length, and "layer/windows", of the
/// lengths of SQuAD's windows, padded and (remove_padding) packed.
std::vector<Subject> layer_subjects();

}  // namespace apps
