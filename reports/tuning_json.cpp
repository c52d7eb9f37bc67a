#include "reports/tuning_json.h"

#include <nlohmann/json.hpp>

#include "harness/analysis/noise.h"

namespace reports {

using Json = nlohmann::ordered_json;
using harness::TunedCandidate;
using harness::TuningResult;

constexpr int kTuningSchemaVersion = 1;

template <typename T>
static Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

static Json peak_json(const std::optional<harness::MemoryFootprint>& footprint) {
  return footprint ? Json(footprint->peak_bytes) : Json(nullptr);
}

/// Adds `key`_low and `key`_high, null without an interval.
static void add_bounds(Json& json, const std::string& key, const harness::Interval* interval) {
  json[key + "_low"] = interval != nullptr ? Json(interval->low) : Json(nullptr);
  json[key + "_high"] = interval != nullptr ? Json(interval->high) : Json(nullptr);
}

static Json candidate_json(const TunedCandidate& candidate) {
  const auto& ranked = candidate.ranked;
  const auto pointer = [](const auto& optional) { return optional ? &*optional : nullptr; };
  Json json = {{"implementation", candidate.cell.implementation},
               {"optimizer", candidate.cell.optimizer},
               {"flags", candidate.cell.flags},
               {"micro_batch", candidate.cell.micro_batch},
               {"accumulation_steps", candidate.cell.accumulation_steps()},
               {"rounds", ranked.rounds.size()},
               {"mistrusted", optional_json(harness::noise_reason(ranked.rounds))},
               {"samples_per_second", ranked.samples_per_second}};
  add_bounds(json, "samples_per_second", pointer(ranked.interval));
  const harness::TimeRatio* slower = pointer(ranked.slower);
  json["time_over_answer"] = slower != nullptr ? Json(slower->ratio) : Json(nullptr);
  add_bounds(json, "time_over_answer", slower != nullptr ? pointer(slower->interval) : nullptr);
  json["planned_peak_bytes"] = peak_json(candidate.planned);
  json["measured_peak_bytes"] = peak_json(candidate.measured);
  return json;
}

static Json reason_json(const harness::FlagReason& reason) {
  const harness::FlagCost& cost = reason.cost;
  const auto& net = cost.net_throughput;
  return {{"flags", cost.flags},
          {"micro_batch", cost.micro_batch},
          {"time_cost_percent", optional_json(cost.time_cost_percent)},
          {"time_cost_fitted", reason.fitted_error_percent.has_value()},
          {"time_cost_rounds", reason.paired_rounds},
          {"memory_micro_batch", reason.memory_micro_batch},
          {"freed_bytes", cost.memory ? Json(cost.memory->freed_bytes) : Json(nullptr)},
          {"largest_micro_batch_before", optional_json(cost.largest_micro_batch_before)},
          {"largest_micro_batch_after", optional_json(cost.largest_micro_batch_after)},
          {"net_throughput_percent", net ? Json(net->percent) : Json(nullptr)},
          {"net_micro_batch_before", net ? Json(net->micro_batch_before) : Json(nullptr)},
          {"net_micro_batch_after", net ? Json(net->micro_batch_after) : Json(nullptr)}};
}

static Json terms_json(const TuningResult& result) {
  Json terms = Json::array();
  for (const auto& [term, estimate] : result.terms) {
    terms.push_back({{"kind", to_string(term.kind)},
                     {"subject", term.subject},
                     {"log_seconds", estimate.log_seconds},
                     {"standard_error", estimate.deviation}});
  }
  return terms;
}

std::string tuning_json(const TuningResult& result) {
  Json left_out = Json::object();
  for (const harness::StatusCount& count : result.left_out) {
    left_out[std::string(to_string(count.status))] = count.records;
  }
  Json passes = Json::array();
  for (const harness::PassSummary& pass : result.passes) {
    passes.push_back(
        {{"pass", pass.number}, {"stage", to_string(pass.stage)}, {"trials", pass.trials}});
  }
  Json ranking = Json::array();
  for (const TunedCandidate& candidate : result.ranking)
    ranking.push_back(candidate_json(candidate));
  Json reasons = Json::array();
  for (const harness::FlagReason& reason : result.reasons) reasons.push_back(reason_json(reason));
  const Json document = {
      {"schema_version", kTuningSchemaVersion},
      {"name", result.name},
      {"end", to_string(result.end)},
      {"candidates", result.candidates},
      {"left_out", left_out},
      {"trials", result.trials},
      {"trial_limit", result.trial_limit},
      {"grid_trials", result.grid_trials},
      {"seconds", result.seconds},
      {"budget_seconds", optional_json(result.budget_seconds)},
      {"passes", passes},
      {"ranking", ranking},
      {"reasons", reasons},
      {"model",
       {{"terms", terms_json(result)}, {"residual_deviation", result.residual_deviation}}}};
  return document.dump(2) + "\n";
}

}  // namespace reports
