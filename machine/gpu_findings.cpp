#include "machine/gpu_findings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace machine {
namespace {

namespace fs = std::filesystem;

/// The least driver for each major version of the toolkit, by NVIDIA's CUDA Toolkit Release Notes,
/// table "CUDA Toolkit and Minimum Required Driver Version for CUDA Minor Version Compatibility".
constexpr std::array<std::pair<int, int>, 3> kLeastDrivers = {{{11, 450}, {12, 525}, {13, 580}}};
constexpr int kBusyPercent = 5;
/// Of memory: what a GPU without processes holds is less.
constexpr int kUsedMebibytes = 1024;

std::optional<int> leading_number(const std::string& text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{}) return std::nullopt;
  return number;
}

/// The first word of /proc/driver/nvidia/version that begins with a digit and has a point:
/// "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27 ..."; empty without
/// driver.
std::string driver_version(const fs::path& root) {
  std::ifstream file(root / "proc/driver/nvidia/version");
  for (std::string word; file >> word;) {
    if (leading_number(word) && word.find('.') != word.npos) return word;
  }
  return "";
}

Finding driver_and_toolkit(const std::string& driver, std::optional<int> toolkit) {
  if (!toolkit) {
    return {Verdict::kBroken, "CUDA runtime", "the worker is built without CUDA",
            "build it where the CUDA toolkit is installed"};
  }
  for (const auto& [major, least] : kLeastDrivers) {
    if (major != *toolkit) continue;
    const auto what = fmt::format("CUDA {} on driver {}", major, driver);
    if (leading_number(driver).value_or(0) >= least)
      return {Verdict::kOk, "CUDA runtime", what, ""};
    return {Verdict::kBroken, "CUDA runtime", fmt::format("{}, which is too old", what),
            fmt::format("install driver {} or newer, or build with an older toolkit", least)};
  }
  return {Verdict::kUnknown, "CUDA runtime", fmt::format("CUDA {} on driver {}", *toolkit, driver),
          "see NVIDIA's release notes for the driver that this toolkit needs"};
}

/// The fields of a line of nvidia-smi's CSV, blanks in front taken off.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) {
    fields.push_back(field.substr(std::min(field.size(), field.find_first_not_of(' '))));
  }
  return fields;
}

Finding use_of(const std::vector<std::string>& fields) {
  const auto subject = "GPU " + fields[0];
  const auto busy = leading_number(fields[2]);
  const auto used = leading_number(fields[3]);
  if (!busy || !used) {
    return {Verdict::kUnknown, subject, fields[1] + ": nvidia-smi does not say whether it is busy",
            "see nvidia-smi"};
  }
  const auto what = fmt::format("{}: {} % busy, {} MiB in use", fields[1], *busy, *used);
  if (*busy > kBusyPercent || *used > kUsedMebibytes) {
    return {Verdict::kDisturbs, subject, what, "end the processes that nvidia-smi shows on it"};
  }
  if (fields[4] == "Disabled") {
    return {Verdict::kDisturbs, subject,
            what + "; persistence mode is off: the driver is set up anew for every worker",
            "nvidia-smi -pm 1"};
  }
  return {Verdict::kOk, subject, what, ""};
}

}  // namespace

Findings gpu_findings(std::optional<int> toolkit, const std::optional<std::string>& smi,
                      const fs::path& root) {
  const auto driver = driver_version(root);
  if (driver.empty()) {
    return {{Verdict::kBroken, "NVIDIA driver", "not loaded",
             "install it, or give the container the GPU (docker: --gpus all)"}};
  }
  Findings findings = {driver_and_toolkit(driver, toolkit)};
  if (!smi) {
    findings.push_back(
        {Verdict::kUnknown, "GPU", "nvidia-smi cannot be run", "install the tools of the driver"});
    return findings;
  }
  std::istringstream lines(*smi);
  for (std::string line; std::getline(lines, line);) {
    const auto fields = fields_of(line);
    if (fields.size() == 5) findings.push_back(use_of(fields));
  }
  return findings;
}

}  // namespace machine
