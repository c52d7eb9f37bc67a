#include "machine/load_findings.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "machine/processors.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

/// Of one processor's time: what a process may use before it counts as busy.
constexpr double kBusyShare = 0.05;
/// Of all processors: the load average from which something runs beside the measurement.
constexpr double kLoadShare = 0.1;
/// Of all processors' time: what a hypervisor may take.
constexpr double kStolenShare = 0.005;
constexpr std::size_t kNamedProcesses = 3;

double ticks_per_second() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Finding load_average(std::size_t processors, const fs::path& root) {
  std::ifstream file(root / "proc/loadavg");
  double load = 0;
  if (!(file >> load)) return {Verdict::kUnknown, "load", "the kernel does not say", "see uptime"};
  const auto what = fmt::format("{:.2f} over the last minute on {} processors", load, processors);
  if (load <= kLoadShare * static_cast<double>(processors)) return {Verdict::kOk, "load", what, ""};
  return {Verdict::kDisturbs, "load", what, "end what runs, wait a minute and look again"};
}

struct BusyProcess {
  int number;
  std::string name;
  double share;  ///< of one processor
};

/// The busiest first.
std::vector<BusyProcess> busy_processes(const Watch& watch) {
  std::vector<BusyProcess> busy;
  for (const auto& [number, now] : watch.after.processes) {
    const auto then = watch.before.processes.find(number);
    const int64_t used =
        now.ticks - (then == watch.before.processes.end() ? 0 : then->second.ticks);
    const double share = static_cast<double>(used) / ticks_per_second() / watch.seconds;
    if (number != watch.own_process && share > kBusyShare)
      busy.push_back({number, now.name, share});
  }
  std::sort(busy.begin(), busy.end(),
            [](const BusyProcess& a, const BusyProcess& b) { return a.share > b.share; });
  return busy;
}

Finding other_processes(const Watch& watch) {
  if (watch.after.processes.empty()) {
    return {Verdict::kUnknown, "other processes", "the kernel shows none", "see top"};
  }
  const auto busy = busy_processes(watch);
  if (busy.empty()) return {Verdict::kOk, "other processes", "none is busy", ""};
  std::string names;
  for (std::size_t i = 0; i < std::min(busy.size(), kNamedProcesses); ++i) {
    names += fmt::format("{}{} ({}) {:.0f} %", i == 0 ? "" : ", ", busy[i].name, busy[i].number,
                         100 * busy[i].share);
  }
  if (busy.size() > kNamedProcesses) {
    names += fmt::format(", and {} more", busy.size() - kNamedProcesses);
  }
  return {Verdict::kDisturbs, "other processes", "busy, of a processor: " + names,
          "end or pause them while a sweep runs"};
}

Finding stolen_time(std::size_t processors, const Watch& watch) {
  const double stolen = static_cast<double>(watch.after.stolen_ticks - watch.before.stolen_ticks) /
                        ticks_per_second() / watch.seconds /
                        static_cast<double>(std::max<std::size_t>(1, processors));
  const auto what = fmt::format("a hypervisor took {:.1f} % of the processors' time", 100 * stolen);
  if (stolen <= kStolenShare) return {Verdict::kOk, "stolen time", what, ""};
  return {Verdict::kDisturbs, "stolen time", what,
          "its host has other guests that run: measure when they rest, or elsewhere"};
}

Finding processor_quota(const std::vector<int>& allowed, const fs::path& root) {
  const int granted = granted_processors(allowed, root);
  if (granted >= static_cast<int>(allowed.size())) {
    return {Verdict::kOk, "processor quota", fmt::format("none on {} processors", allowed.size()),
            ""};
  }
  return {Verdict::kDisturbs, "processor quota",
          fmt::format("the control group grants the time of {} of {} processors, and stops every "
                      "thread when a period's share is used up",
                      granted, allowed.size()),
          fmt::format("start the container with whole processors (docker: --cpuset-cpus), or set "
                      "`threads` below {}",
                      granted)};
}

}  // namespace

Findings load_findings(const std::vector<int>& allowed, const Watch& watch, const fs::path& root) {
  return {load_average(allowed.size(), root), other_processes(watch),
          stolen_time(allowed.size(), watch), processor_quota(allowed, root)};
}

Watch watch_processes(double seconds) {
  Watch watch;
  watch.own_process = ::getpid();
  watch.before = read_process_times();
  const auto begin = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  watch.after = read_process_times();
  watch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return watch;
}

}  // namespace machine
