#pragma once

namespace kernels {

/// kErf: x * Phi(x), exact. kTanh: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
/// Hendrycks and Gimpel, arXiv 1606.08415.
enum class Gelu { kErf, kTanh };

}  // namespace kernels
