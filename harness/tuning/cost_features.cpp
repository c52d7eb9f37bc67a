#include "harness/tuning/cost_features.h"

#include <algorithm>

namespace harness {
namespace {

// In log seconds: implementations differ by less than a factor of e from their mean, as does the
// smallest micro-batch from the largest; a flag or an optimizer by less than e^0.5 = 1.6.
constexpr double kWideDeviation = 1.0;
constexpr double kNarrowDeviation = 0.5;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (!contains(names, name)) names.push_back(name);
}

}  // namespace

std::string_view to_string(CostTerm::Kind kind) {
  switch (kind) {
    case CostTerm::Kind::kImplementation:
      return "implementation";
    case CostTerm::Kind::kMicroBatch:
      return "micro_batch";
    case CostTerm::Kind::kOptimizer:
      return "optimizer";
    case CostTerm::Kind::kFlag:
      return "flag";
  }
  return "";
}

CostFeatures::CostFeatures(const std::vector<Cell>& cells) {
  std::vector<std::string> implementations;
  std::vector<std::string> optimizers;
  std::vector<std::string> flags;
  int64_t largest_micro_batch = 1;
  if (!cells.empty()) smallest_micro_batch_ = cells.front().micro_batch;
  for (const Cell& cell : cells) {
    add(implementations, cell.implementation);
    add(optimizers, cell.optimizer);
    for (const std::string& flag : cell.flags) add(flags, flag);
    smallest_micro_batch_ = std::min(smallest_micro_batch_, cell.micro_batch);
    largest_micro_batch = std::max(largest_micro_batch, cell.micro_batch);
  }
  for (const std::string& name : implementations) {
    terms_.push_back({CostTerm::Kind::kImplementation, name, kWideDeviation});
  }
  if (largest_micro_batch > smallest_micro_batch_) {
    for (const std::string& name : implementations) {
      terms_.push_back({CostTerm::Kind::kMicroBatch, name, kWideDeviation});
    }
  }
  for (std::size_t i = 1; i < optimizers.size(); ++i) {
    terms_.push_back({CostTerm::Kind::kOptimizer, optimizers[i], kNarrowDeviation});
  }
  for (const std::string& name : flags) {
    terms_.push_back({CostTerm::Kind::kFlag, name, kNarrowDeviation});
  }
}

std::vector<double> CostFeatures::row(const Cell& cell) const {
  const double smallness =
      static_cast<double>(smallest_micro_batch_) / static_cast<double>(cell.micro_batch);
  std::vector<double> row;
  row.reserve(terms_.size());
  for (const CostTerm& term : terms_) {
    const bool own = term.subject == cell.implementation;
    switch (term.kind) {
      case CostTerm::Kind::kImplementation:
        row.push_back(own ? 1 : 0);
        break;
      case CostTerm::Kind::kMicroBatch:
        row.push_back(own ? smallness : 0);
        break;
      case CostTerm::Kind::kOptimizer:
        row.push_back(term.subject == cell.optimizer ? 1 : 0);
        break;
      case CostTerm::Kind::kFlag:
        row.push_back(contains(cell.flags, term.subject) ? 1 : 0);
        break;
    }
  }
  return row;
}

}  // namespace harness
