#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "machine/nvml.h"

namespace worker {

/// Reads a GPU's state every few milliseconds on a thread of its own, from its making to stop().
class GpuMonitor {
 public:
  using Clock = std::chrono::steady_clock;

  /// `nvml` must outlive this.
  GpuMonitor(const machine::Nvml& nvml, std::string pci_address);
  GpuMonitor(const GpuMonitor&) = delete;
  GpuMonitor& operator=(const GpuMonitor&) = delete;
  ~GpuMonitor() { stop(); }

  void stop();

  /// After stop(): the lowest and the highest reading of clocks and temperature, and of steps that
  /// began at `begin` and took `seconds` each, those during which something held the GPU back
  /// (counted from 0), with what it was. Why nothing was read, where nothing could be.
  nlohmann::json report(Clock::time_point begin, const std::vector<double>& seconds) const;

 private:
  struct Reading {
    Clock::time_point at;
    machine::GpuState state;
  };

  void read_on();

  const machine::Nvml& nvml_;
  std::string pci_address_;
  std::vector<Reading> readings_;
  std::string failure_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace worker
