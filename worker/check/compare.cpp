#include "worker/check/compare.h"

#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "worker/check/tolerances.h"

namespace worker {
namespace {

constexpr double kMostZeros = 0.5;

/// Written in records, which take finite numbers alone.
constexpr double kInfiniteError = std::numeric_limits<double>::max();

double euclidean_norm(const at::Tensor& tensor) {
  return tensor.norm().item<double>();
}

/// Why `reference` proves nothing, or empty.
std::string reference_fault(const NamedTensor& reference) {
  if (!reference.value.defined()) return reference.name + " of the reference is missing";
  const double elements = static_cast<double>(reference.value.numel());
  if (!std::isfinite(euclidean_norm(reference.value))) {
    return reference.name + " of the reference is not finite";
  }
  const auto zeros = static_cast<double>(reference.value.eq(0).sum().item<int64_t>());
  if (zeros > kMostZeros * elements) return reference.name + " of the reference is mostly zeros";
  return {};
}

harness::CheckResult mistrusted(std::string reason) {
  harness::CheckResult result;
  result.status = harness::Status::kMistrusted;
  result.reason = std::move(reason);
  return result;
}

/// Larger is worse: mistrusted or not, then the error relative to its tolerance.
std::pair<bool, double> badness(const harness::CheckResult& result) {
  if (result.status == harness::Status::kMistrusted) return {true, 0};
  return {false, result.worst_error / result.tolerance};
}

}  // namespace

double relative_error(const at::Tensor& value, const at::Tensor& reference,
                      const at::Tensor& scale) {
  if (!value.defined() || value.sizes() != reference.sizes()) return kInfiniteError;
  const double error = euclidean_norm(value - reference) / euclidean_norm(scale);
  return std::isfinite(error) ? error : kInfiniteError;
}

harness::CheckResult compare_with_reference(const std::vector<NamedTensor>& candidate,
                                            const std::vector<NamedTensor>& reference,
                                            const std::string& precision) {
  std::map<std::string, at::Tensor> values;
  for (const auto& [name, value] : candidate) values[name] = value;
  std::map<std::string, at::Tensor> scales;
  for (const auto& [name, value] : reference) scales[name] = value;
  if (reference.empty()) return mistrusted("there was nothing to compare");
  harness::CheckResult result;
  double worst_excess = -1;
  for (const auto& expected : reference) {
    if (const auto fault = reference_fault(expected); !fault.empty()) return mistrusted(fault);
    const double error =
        relative_error(values[expected.name], expected.value, scales.at(scale_of(expected.name)));
    const double tolerance = tolerance_of(expected.name, precision);
    ++result.tensors;
    if (error / tolerance > worst_excess) {
      worst_excess = error / tolerance;
      result.worst_tensor = expected.name;
      result.worst_error = error;
      result.tolerance = tolerance;
    }
  }
  if (worst_excess > 1) {
    result.status = harness::Status::kIncorrect;
    result.reason =
        fmt::format("{} differs from the fp64 reference by {:.3g} of its norm; {:.3g} is allowed",
                    result.worst_tensor, result.worst_error, result.tolerance);
  }
  return result;
}

harness::CheckResult merge(const harness::CheckResult& with_dropout,
                           harness::CheckResult without_dropout) {
  const int64_t tensors = with_dropout.tensors + without_dropout.tensors;
  if (!without_dropout.reason.empty())
    without_dropout.reason = "without dropout " + without_dropout.reason;
  auto worse =
      badness(without_dropout) > badness(with_dropout) ? std::move(without_dropout) : with_dropout;
  worse.tensors = tensors;
  return worse;
}

}  // namespace worker
