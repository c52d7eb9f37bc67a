#pragma once

#include <functional>

#include "apps/bench_kernels/case.h"

namespace apps {

/// A function of LibTorch operators.
using Composition = std::function<Tensors(const Tensors& inputs)>;

/// Runs `composition` as a training step does, with a graph for autograd.
std::function<Tensors()> torch_forward(const Tensors& inputs, const Composition& composition);

/// Runs autograd through `composition`, whose forward is computed once, now: the gradients of
/// `inputs`, in their order, at `d_outputs`.
std::function<Tensors()> torch_backward(const Tensors& inputs, const Composition& composition,
                                        const Tensors& d_outputs);

}  // namespace apps
