#include "machine/clock_findings.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include "machine/number_file.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

fs::path processor_folder(const fs::path& root) {
  return root / "sys/devices/system/cpu";
}

/// The first word of a file; empty where there is none.
std::string read_word(const fs::path& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

Finding governor(const std::vector<int>& processors, const fs::path& root) {
  std::set<std::string> others;
  std::size_t known = 0;
  for (const int processor : processors) {
    const auto name = read_word(processor_folder(root) / ("cpu" + std::to_string(processor)) /
                                "cpufreq/scaling_governor");
    known += name.empty() ? 0 : 1;
    if (!name.empty() && name != "performance") others.insert(name);
  }
  if (known == 0) {
    return {Verdict::kUnknown, "governor", "the kernel shows no frequency control",
            "set it where it is controlled: the firmware, or the host of a virtual machine"};
  }
  if (others.empty()) return {Verdict::kOk, "governor", "performance", ""};
  return {Verdict::kDisturbs, "governor",
          *others.begin() + ": the clock follows the load, so the first steps are slower",
          "cpupower frequency-set --governor performance"};
}

/// Whether the clock may go above its nominal rate; none where the kernel does not say.
std::optional<bool> turbo_allowed(const fs::path& root) {
  if (const auto off = read_number(processor_folder(root) / "intel_pstate/no_turbo")) {
    return *off == 0;
  }
  if (const auto on = read_number(processor_folder(root) / "cpufreq/boost")) return *on != 0;
  return std::nullopt;
}

Finding turbo(const fs::path& root) {
  const auto allowed = turbo_allowed(root);
  if (!allowed) {
    return {Verdict::kUnknown, "turbo", "the kernel does not say whether it is on",
            "turn it off in the firmware, or on the host of a virtual machine"};
  }
  if (!*allowed) return {Verdict::kOk, "turbo", "off", ""};
  const bool intel = fs::exists(processor_folder(root) / "intel_pstate/no_turbo");
  return {Verdict::kDisturbs, "turbo",
          "on: the clock depends on the temperature and on how many cores are busy",
          intel ? "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"
                : "echo 0 > /sys/devices/system/cpu/cpufreq/boost"};
}

Finding shared_cores(const fs::path& root) {
  const auto active = read_number(processor_folder(root) / "smt/active");
  if (!active) return {Verdict::kUnknown, "SMT", "the kernel does not say", "see lscpu"};
  if (*active == 0) return {Verdict::kOk, "SMT", "off: a core for every processor", ""};
  return {Verdict::kDisturbs, "SMT", "on: two processors share a core, and slow each other down",
          "echo off > /sys/devices/system/cpu/smt/control, or set `threads` to the number of cores "
          "and `pinning` to \"compact\""};
}

Finding clock_source(const fs::path& root) {
  const auto name =
      read_word(root / "sys/devices/system/clocksource/clocksource0/current_clocksource");
  if (name.empty()) {
    return {Verdict::kUnknown, "clock source", "the kernel does not say", "see dmesg"};
  }
  if (name == "hpet" || name == "acpi_pm" || name == "jiffies" || name == "pit") {
    return {Verdict::kDisturbs, "clock source", name + ": slow to read, and coarse",
            "boot with clocksource=tsc tsc=reliable where the processor's counter is stable"};
  }
  return {Verdict::kOk, "clock source", name, ""};
}

Finding virtual_machine(const fs::path& root) {
  std::ifstream file(root / "proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    if (line.find(" hypervisor") == line.npos) {
      return {Verdict::kOk, "virtual machine", "no", ""};
    }
    return {Verdict::kDisturbs, "virtual machine",
            "yes: its host's other guests share caches, memory and clock",
            "measure on a machine of your own, or use more rounds and read the intervals"};
  }
  return {Verdict::kUnknown, "virtual machine", "the kernel does not say",
          "see systemd-detect-virt"};
}

}  // namespace

Findings clock_findings(const std::vector<int>& processors, const fs::path& root) {
  return {governor(processors, root), turbo(root), shared_cores(root), clock_source(root),
          virtual_machine(root)};
}

}  // namespace machine
