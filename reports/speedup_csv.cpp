#include "reports/speedup_csv.h"

#include "reports/csv_writer.h"

namespace reports {

using harness::SpeedupBasis;
using harness::SpeedupRow;

static std::string basis_text(const std::optional<SpeedupBasis>& basis) {
  if (!basis) return "";
  return basis == SpeedupBasis::kSameMicroBatch ? "same_micro_batch" : "best_baseline";
}

std::string speedup_csv(const harness::RunAnalysis& analysis) {
  std::vector<std::string> header = analysis.axes;
  header.insert(header.end(),
                {"micro_batch", "baseline", "baseline_status", "baseline_samples_per_second",
                 "baseline_peak_bytes", "candidate", "candidate_flags", "candidate_status",
                 "candidate_samples_per_second", "candidate_peak_bytes", "speedup", "speedup_low",
                 "speedup_high", "speedup_basis"});
  CsvWriter csv(header);
  for (const SpeedupRow& row : analysis.speedups) {
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
    csv.add_row(fields);
  }
  return csv.text();
}

}  // namespace reports
