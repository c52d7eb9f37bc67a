#include "reports/speedup_table.h"

#include "harness/analysis/noise.h"
#include "reports/csv_writer.h"
#include "reports/words.h"

namespace reports {

using harness::SpeedupBasis;
using harness::SpeedupRow;

static std::string basis_text(const std::optional<SpeedupBasis>& basis) {
  if (!basis) return "";
  return basis == SpeedupBasis::kSameMicroBatch ? "same_micro_batch" : "best_baseline";
}

/// What stands behind one side beyond its rate.
static std::vector<std::string> evidence(const harness::SpeedupSide& side) {
  std::optional<double> spread = harness::relative_spread(side.rounds);
  if (spread) *spread *= 100;
  return {side.records ? std::to_string(side.rounds.size()) : "", csv_count(side.records),
          csv_number(spread), one_line(side.reason),
          side.peak_bytes ? side.peak_is_planned ? "planned" : "measured" : ""};
}

Table speedup_table(const std::vector<std::string>& axes, const std::vector<SpeedupRow>& rows) {
  std::vector<std::string> header = axes;
  header.insert(header.end(), {"micro_batch",
                               "baseline",
                               "baseline_status",
                               "baseline_samples_per_second",
                               "baseline_peak_bytes",
                               "candidate",
                               "candidate_flags",
                               "candidate_status",
                               "candidate_samples_per_second",
                               "candidate_peak_bytes",
                               "speedup",
                               "speedup_low",
                               "speedup_high",
                               "speedup_basis",
                               "baseline_rounds_passed",
                               "baseline_rounds",
                               "baseline_spread_percent",
                               "baseline_reason",
                               "baseline_peak_source",
                               "candidate_rounds_passed",
                               "candidate_rounds",
                               "candidate_spread_percent",
                               "candidate_reason",
                               "candidate_peak_source"});
  Table table(header);
  for (const SpeedupRow& row : rows) {
    const bool has_candidate = !row.candidate.implementation.empty();
    const bool has_interval = row.interval.has_value();
    std::vector<std::string> fields = row.axes;
    fields.insert(
        fields.end(),
        {csv_count(row.micro_batch), row.baseline.implementation, csv_status(row.baseline.status),
         csv_number(row.baseline.samples_per_second), csv_count(row.baseline.peak_bytes),
         row.candidate.implementation, has_candidate ? row.candidate.flags : "",
         csv_status(row.candidate.status), csv_number(row.candidate.samples_per_second),
         csv_count(row.candidate.peak_bytes), csv_number(row.speedup),
         has_interval ? csv_number(row.interval->low) : "",
         has_interval ? csv_number(row.interval->high) : "", basis_text(row.basis)});
    for (const harness::SpeedupSide* side : {&row.baseline, &row.candidate}) {
      const std::vector<std::string> more = evidence(*side);
      fields.insert(fields.end(), more.begin(), more.end());
    }
    table.add_row(fields);
  }
  return table;
}

}  // namespace reports
