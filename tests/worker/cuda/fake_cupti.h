#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <cupti_activity.h>

/// What stands in the place of CUPTI and of a device in a test program: a launch leaves the records
/// that CUPTI would leave, which are handed over when they are flushed.
struct FakeCupti {
  CUpti_BuffersCallbackRequestFunc request = nullptr;
  CUpti_BuffersCallbackCompleteFunc complete = nullptr;
  CUpti_TimestampCallbackFunc clock = nullptr;
  std::set<CUpti_ActivityKind> enabled;
  std::vector<uint64_t> spans;   ///< pushed and not popped
  std::vector<uint8_t> records;  ///< not handed over yet
  size_t dropped = 0;            ///< not told of yet
  uint32_t launches = 0;         ///< so far, each with a correlation number
  /// Kinds that cannot be enabled, and why.
  std::map<CUpti_ActivityKind, CUptiResult> refused;

  static FakeCupti& instance();

  /// A kernel that the host launches now and that runs at once.
  void launch(const char* name);
};
