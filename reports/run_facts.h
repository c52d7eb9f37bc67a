#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// "Device cpu, memory limit 400 MiB. Baseline best.", and of which GPUs the times are.
std::string device_text(const harness::RunInfo& info, const harness::RunAnalysis& analysis);

/// " Times are of NVIDIA H200.", empty without a GPU: a limit on its memory makes none of its
/// times those of a card of that size.
std::string gpu_text(const harness::RunAnalysis& analysis);

/// That the device is not there, and why.
std::string absent_device_text(const harness::DeviceStatus& device);

/// The model that the cells, at least one, train and how they are measured, in sentences. Axes over
/// the model change some of this from cell to cell; they have columns of their own.
std::string setup_text(const std::vector<harness::PlannedCell>& plans);

struct EnvironmentValue {
  std::string name;  ///< "a.b" for a value inside an object; the build's begin with "build."
  std::string text;  ///< the values that the records have: all, the range of numbers, or some texts
};

/// What the records say of their environment and build, by name.
std::vector<EnvironmentValue> environment_values(const std::vector<harness::Record>& records);

}  // namespace reports
