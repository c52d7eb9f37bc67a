#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "apps/bench_kernels/bench_device.h"
#include "apps/bench_kernels/work.h"

namespace apps {

/// What the lines of a run share: the device, and the case in hand. One at a time, because they are
/// large and the lines of a case follow each other.
class Bench {
 public:
  explicit Bench(std::unique_ptr<BenchDevice> device) : device_(std::move(device)) {}

  /// The works of the case `name`, from `make` unless this is the case in hand.
  const Works& case_in_hand(const std::string& name, const std::function<Works()>& make) {
    if (name != name_) {
      works_.clear();
      name_.clear();
      works_ = make();
      name_ = name;
    }
    return works_;
  }

  /// Whether `line` is another than at the last call: its first run brings memory and threads in.
  bool begins(const std::string& line) {
    const bool other = line != line_;
    line_ = line;
    return other;
  }

  BenchDevice& device() { return *device_; }

 private:
  std::unique_ptr<BenchDevice> device_;
  std::string name_;
  Works works_;
  std::string line_;
};

}  // namespace apps
