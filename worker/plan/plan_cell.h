#pragma once

#include <vector>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "model/implementation.h"
#include "worker/cell_data.h"

namespace worker {

/// Predicts a cell's peak memory by training on the meta device: no arithmetic, no memory, exact
/// sizes. Two steps, because the optimizer's state exists from the end of the first one on; two
/// micro-batches a step at most, because from the second one on gradients exist already. With
/// remove_padding the steps that the measurement takes, as far as one could be the largest. Throws
/// what TrainingRun throws.
harness::Plan plan_cell(const harness::Cell& cell, const model::Registry& registry,
                        const CellData& data = {});

/// Plans of `cells`, in their order, a thread a processor. Throws what the first failing cell
/// threw.
std::vector<harness::Plan> plan_cells(const std::vector<harness::Cell>& cells,
                                      const model::Registry& registry, const CellData& data = {});

/// Answers `bench_worker --plan`, with a reason for data that cannot be used. All cells are of one
/// device kind.
harness::PlanReply reply_to_plan_request(const std::vector<harness::Cell>& cells,
                                         const model::Registry& registry,
                                         const CellData& data = {});

}  // namespace worker
