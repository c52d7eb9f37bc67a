#include "worker/check/check_cell.h"

#include <ATen/Parallel.h>

#include "worker/cell_model.h"
#include "worker/check/check_run.h"
#include "worker/check/compare.h"
#include "worker/check/reference_run.h"
#include "worker/device/devices.h"
#include "worker/support.h"
#include "worker/training_run.h"

namespace worker {
namespace {

/// Dropout that changes the logits less than this did not act, so that a check with it is no check.
constexpr double kDropoutActs = 1e-2;

harness::CheckResult not_checked(harness::Status status, std::string reason) {
  harness::CheckResult result;
  result.status = status;
  result.reason = std::move(reason);
  return result;
}

std::vector<NamedTensor> candidate_run(const harness::Cell& cell, const model::Registry& registry,
                                       bool dropout) {
  auto& device = device_of(cell.device.kind);
  device.begin_run({.limit_bytes = {}, .poison = true});
  const auto source = registry.make_keyed_dropout();
  auto results = run_check_problem(
      cell.model,
      {implementation_of(cell, registry), bert_options(cell, device.torch_device()),
       dtype_of(cell.precision), dropout, row_layout_of(cell)},
      *source);
  device.begin_run({});
  return results;
}

bool dropout_acted(const std::vector<NamedTensor>& with, const std::vector<NamedTensor>& without) {
  for (size_t i = 0; i < with.size(); ++i) {
    if (with[i].name != "span_logits") continue;
    return relative_error(with[i].value, without[i].value, without[i].value) > kDropoutActs;
  }
  return false;
}

}  // namespace

harness::CheckResult check_cell(const harness::Cell& cell, const model::Registry& registry,
                                const std::string& reference) {
  if (auto reason = unsupported_reason(cell, registry); !reason.empty()) {
    return not_checked(harness::Status::kUnsupported, std::move(reason));
  }
  at::set_num_threads(static_cast<int>(resolved_threads(cell.measure)));
  const auto with_dropout = reference_run(cell, registry, reference, /*dropout=*/true);
  const auto without_dropout = reference_run(cell, registry, reference, /*dropout=*/false);
  if (!dropout_acted(with_dropout, without_dropout)) {
    return not_checked(harness::Status::kMistrusted, "the check's dropout dropped nothing");
  }
  const auto verdict = [&](const std::vector<NamedTensor>& expected, bool dropout) {
    return compare_with_reference(candidate_run(cell, registry, dropout), expected, cell.precision);
  };
  return merge(verdict(with_dropout, true), verdict(without_dropout, false));
}

}  // namespace worker
