#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/protocol/record.h"

namespace harness {

struct ReasonCount {
  std::string reason;
  int64_t records = 0;
};

/// Records of one status, with their reasons, the most frequent first.
struct StatusCount {
  Status status = Status::kPassed;
  int64_t records = 0;
  std::vector<ReasonCount> reasons;
};

/// Every status that occurs, in the order of Status.
std::vector<StatusCount> count_statuses(const std::vector<Record>& records);

}  // namespace harness
