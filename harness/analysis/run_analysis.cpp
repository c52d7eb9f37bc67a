#include "harness/analysis/run_analysis.h"

#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/plan/flag_order.h"

namespace harness {

static std::vector<std::string> gpu_names(const std::vector<Record>& records) {
  const nlohmann::json::json_pointer name("/gpu/name");
  std::set<std::string> names;
  for (const Record& record : records) {
    const auto& environment = record.environment;
    if (environment.contains(name) && environment.at(name).is_string()) {
      names.insert(environment.at(name).get<std::string>());
    }
  }
  return {names.begin(), names.end()};
}

RunAnalysis analyze_run(const RunInfo& info, const std::vector<Record>& records,
                        const Catalog& catalog) {
  const FlagOrder cheaper = cheaper_flags(catalog);
  const FitTable fits(info, cheaper);
  RunAnalysis analysis;
  analysis.axes = group_axes(info);
  analysis.groups = summarize_cells(info, records, catalog);
  for (const ComparisonGroup& group : compare_run(info, analysis.groups, fits, cheaper)) {
    std::vector<SpeedupRow> rows = derive_speedups(group);
    std::move(rows.begin(), rows.end(), std::back_inserter(analysis.speedups));
  }
  analysis.requirements = derive_flag_requirements(info, analysis.groups, fits);
  analysis.costs = derive_flag_costs(info, analysis.groups, fits);
  analysis.optimizer_axes = optimizer_axes(info);
  analysis.optimizers = derive_optimizer_effects(info, analysis.groups);
  analysis.statuses = count_statuses(records);
  analysis.gpus = gpu_names(records);
  return analysis;
}

}  // namespace harness
