#include "harness/analysis/status_count.h"

#include <algorithm>
#include <map>

namespace harness {

std::vector<StatusCount> count_statuses(const std::vector<Record>& records) {
  std::map<Status, std::map<std::string, int64_t>> counts;
  for (const Record& record : records) ++counts[record.status][record.reason];
  std::vector<StatusCount> result;
  for (const auto& [status, reasons] : counts) {
    StatusCount& count = result.emplace_back();
    count.status = status;
    for (const auto& [reason, number] : reasons) {
      count.records += number;
      if (!reason.empty()) count.reasons.push_back({reason, number});
    }
    std::stable_sort(
        count.reasons.begin(), count.reasons.end(),
        [](const ReasonCount& a, const ReasonCount& b) { return a.records > b.records; });
  }
  return result;
}

}  // namespace harness
