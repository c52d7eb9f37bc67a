#include "apps/bench_kernels/registration.h"

#include <chrono>
#include <utility>

#include <benchmark/benchmark.h>

#include "apps/bench_kernels/operators.h"

namespace apps {
namespace {

/// Times `body`. The first run, which brings memory and threads in, does not count.
template <class Body>
double seconds_an_iteration(benchmark::State& state, const Body& body) {
  using Clock = std::chrono::steady_clock;
  body();
  const auto start = Clock::now();
  for (auto _ : state) body();
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  return elapsed.count() / static_cast<double>(state.iterations());
}

/// One case's lines.
class Lines {
 public:
  Lines(std::shared_ptr<Bench> bench, Operator op, Setting setting)
      : bench_(std::move(bench)), op_(std::move(op)), setting_(std::move(setting)) {}

  void fused(benchmark::State& state) const {
    const Case& prepared = bench_->prepare(op_, setting_);
    count(state, prepared.work, seconds_an_iteration(state, prepared.fused));
  }

  void torch(benchmark::State& state) const {
    const Case& prepared = bench_->prepare(op_, setting_);
    count(state, prepared.work, seconds_an_iteration(state, prepared.torch));
  }

  void copy(benchmark::State& state) const {
    const int64_t bytes = bench_->prepare(op_, setting_).work;
    const Copy copy(bytes);
    count(state, bytes, seconds_an_iteration(state, [&] { copy.run(); }));
  }

  void peak(benchmark::State& state) const {
    const int64_t flops = bench_->prepare(op_, setting_).work;
    const Peak& peak = bench_->ceilings().peak(setting_.dtype);
    count(state, flops, seconds_an_iteration(state, [&] { peak.run(flops); }));
  }

 private:
  void count(benchmark::State& state, int64_t work, double seconds) const {
    const double rate = static_cast<double>(work) / seconds;
    if (op_.unit == WorkUnit::kElements) {
      state.counters["ns/element"] = 1e9 / rate;
      return;
    }
    state.counters[op_.unit == WorkUnit::kBytes ? "bytes/s" : "FLOP/s"] = rate;
    state.counters["share"] = rate / bench_->ceilings().rate(op_.unit, work, setting_.dtype);
  }

  std::shared_ptr<Bench> bench_;
  Operator op_;
  Setting setting_;
};

void register_line(const std::string& name, const Lines& lines,
                   void (Lines::*line)(benchmark::State&) const) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [lines, line](benchmark::State& state) { (lines.*line)(state); })
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace

void register_benchmarks(const std::shared_ptr<Bench>& bench) {
  for (const Operator& op : all_operators()) {
    for (const Setting& setting : settings()) {
      const std::string name = case_name(op, setting);
      const Lines lines(bench, op, setting);
      register_line(name + "/fused", lines, &Lines::fused);
      register_line(name + "/torch", lines, &Lines::torch);
      if (op.unit == WorkUnit::kBytes) register_line(name + "/copy", lines, &Lines::copy);
      if (op.unit == WorkUnit::kFlops) register_line(name + "/peak", lines, &Lines::peak);
    }
  }
}

}  // namespace apps
