#include "worker/device/gpu_monitor.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace worker {
namespace {

constexpr std::chrono::milliseconds kPeriod{20};

template <class Readings, class Value>
nlohmann::json range_of(const Readings& readings, const Value& value) {
  const auto [least, most] = std::minmax_element(
      readings.begin(), readings.end(),
      [&](const auto& a, const auto& b) { return value(a.state) < value(b.state); });
  return {value(least->state), value(most->state)};
}

}  // namespace

GpuMonitor::GpuMonitor(const machine::Nvml& nvml, std::string pci_address)
    : nvml_(nvml), pci_address_(std::move(pci_address)), thread_([this] { read_on(); }) {}

void GpuMonitor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void GpuMonitor::read_on() {
  std::unique_lock lock(mutex_);
  try {
    do {
      readings_.push_back({Clock::now(), nvml_.state(pci_address_)});
    } while (!stopped_.wait_for(lock, kPeriod, [this] { return stop_; }));
  } catch (const std::exception& error) {
    failure_ = error.what();
  }
}

nlohmann::json GpuMonitor::report(Clock::time_point begin,
                                  const std::vector<double>& seconds) const {
  if (readings_.empty()) return {{"unknown", failure_}};
  std::map<size_t, std::set<std::string>> held_back;
  for (const Reading& reading : readings_) {
    double left = std::chrono::duration<double>(reading.at - begin).count();
    if (left < 0) continue;
    size_t step = 0;
    while (step < seconds.size() && left >= seconds[step]) left -= seconds[step++];
    if (step == seconds.size()) continue;
    const auto& reasons = reading.state.slowed_by;
    if (!reasons.empty()) held_back[step].insert(reasons.begin(), reasons.end());
  }
  nlohmann::json throttled = nlohmann::json::array();
  for (const auto& [step, reasons] : held_back) {
    throttled.push_back({{"sample", step}, {"by", reasons}});
  }
  using State = machine::GpuState;
  return {{"readings", readings_.size()},
          {"multiprocessor_mhz",
           range_of(readings_, [](const State& state) { return state.multiprocessor_mhz; })},
          {"memory_mhz", range_of(readings_, [](const State& state) { return state.memory_mhz; })},
          {"temperature_celsius",
           range_of(readings_, [](const State& state) { return state.temperature_celsius; })},
          {"throttled_samples", throttled}};
}

}  // namespace worker
