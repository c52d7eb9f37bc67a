#pragma once

#include <functional>
#include <string>

#include "apps/bench_kernels/ceilings.h"
#include "apps/bench_kernels/work.h"

namespace apps {

/// What the lines of a run share: the ceilings, and the case in hand. One at a time, because they
/// are large and the lines of a case follow each other.
class Bench {
 public:
  explicit Bench(int threads) : ceilings_(threads) {}

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

  Ceilings& ceilings() { return ceilings_; }

 private:
  Ceilings ceilings_;
  std::string name_;
  Works works_;
  std::string line_;
};

}  // namespace apps
