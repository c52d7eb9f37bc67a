#include "worker/check/reference_run.h"

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"
#include "worker/cell_model.h"
#include "worker/memory/cpu_allocator.h"

namespace worker {

std::vector<NamedTensor> reference_run(const harness::Cell& cell, const model::Registry& registry,
                                       const std::string& reference, bool dropout) {
  const auto* const implementation = registry.find(reference);
  if (implementation == nullptr) {
    throw harness::ProtocolError(fmt::format("there is no reference layer \"{}\"", reference));
  }
  CpuAllocator::instance().begin_run({});
  const auto source = registry.make_keyed_dropout();
  model::BertOptions options;
  options.tensors = at::TensorOptions(at::kDouble);
  return run_check_problem(cell.model,
                           {*implementation, options, dtype_of(cell.precision), dropout}, *source);
}

}  // namespace worker
