#include "harness/tuning/cost_features.h"

#include <algorithm>
#include <set>

namespace harness {
namespace {

// In log seconds: implementations differ by less than a factor of e from their mean, as does the
// smallest micro-batch from the largest; a flag, an optimizer or what a large micro-batch costs by
// less than e^0.5 = 1.6.
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
    case CostTerm::Kind::kLargeMicroBatch:
      return "large_micro_batch";
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
  std::set<int64_t> micro_batches;
  for (const Cell& cell : cells) {
    add(implementations, cell.implementation);
    add(optimizers, cell.optimizer);
    for (const std::string& flag : cell.flags) add(flags, flag);
    micro_batches.insert(cell.micro_batch);
  }
  if (!micro_batches.empty()) {
    smallest_micro_batch_ = *micro_batches.begin();
    largest_micro_batch_ = *micro_batches.rbegin();
  }
  for (const std::string& name : implementations) {
    terms_.push_back({CostTerm::Kind::kImplementation, name, kWideDeviation});
  }
  if (micro_batches.size() > 1) {
    for (const std::string& name : implementations) {
      terms_.push_back({CostTerm::Kind::kMicroBatch, name, kWideDeviation});
    }
  }
  if (micro_batches.size() > 2) {  // of two, kMicroBatch says it all
    terms_.push_back({CostTerm::Kind::kLargeMicroBatch, "", kNarrowDeviation});
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
      case CostTerm::Kind::kLargeMicroBatch:
        row.push_back(static_cast<double>(cell.micro_batch - smallest_micro_batch_) /
                      static_cast<double>(largest_micro_batch_ - smallest_micro_batch_));
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
