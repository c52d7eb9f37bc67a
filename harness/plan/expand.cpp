#include "harness/plan/expand.h"

#include "harness/spec/flag_sets.h"

namespace harness {

std::vector<Contender> contenders(const SweepSpec& spec, const Catalog& catalog) {
  std::vector<Contender> result;
  for (const std::string& optimizer : spec.optimizers) {
    for (const std::string& name : spec.implementations) {
      for (FlagSet& set : flag_sets(catalog, catalog.implementation(name), spec.flags)) {
        result.push_back({optimizer, name, std::move(set)});
      }
    }
  }
  return result;
}

std::vector<Cell> base_cells(const SweepSpec& spec) {
  std::vector<Cell> cells;
  for (const ModelVariant& model : spec.models) {
    for (const int64_t sequence_length : spec.sequence_lengths) {
      for (const std::string& precision : spec.precisions) {
        Cell cell;
        cell.sequence_length = sequence_length;
        cell.precision = precision;
        cell.model_axes = model.axes;
        cell.model = model.shape;
        cell.device = spec.device;
        cell.data = spec.data;
        cell.measure = spec.measure;
        cells.push_back(std::move(cell));
      }
    }
  }
  return cells;
}

Cell complete_cell(const SweepSpec& spec, const Cell& base, const Contender& contender,
                   int64_t micro_batch) {
  Cell cell = base;
  cell.optimizer = contender.optimizer;
  cell.implementation = contender.implementation;
  cell.flags = contender.flags;
  cell.micro_batch = micro_batch;
  cell.global_batch = spec.global_batch.value_or(micro_batch);
  const auto worker = spec.workers.find(cell.implementation);
  if (worker != spec.workers.end()) cell.worker = worker->second;
  return cell;
}

std::vector<Cell> expand(const SweepSpec& spec, const Catalog& catalog) {
  const std::vector<Contender> compared = contenders(spec, catalog);
  std::vector<Cell> cells;
  for (const Cell& base : base_cells(spec)) {
    for (const int64_t micro_batch : spec.micro_batches) {
      for (const Contender& contender : compared) {
        cells.push_back(complete_cell(spec, base, contender, micro_batch));
      }
    }
  }
  return cells;
}

}  // namespace harness
