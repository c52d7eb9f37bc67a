#include "apps/bench_kernels/registration.h"

#include <functional>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "apps/bench_kernels/subject.h"

namespace apps {
namespace {

using BenchPointer = std::shared_ptr<Bench>;

/// The lines of one subject at one setting.
struct CaseLines {
  BenchPointer bench;
  Subject subject;
  Setting setting;

  std::string name() const {
    return fmt::format("{}/{}/{}", subject.name, setting.precision(), setting.model);
  }

  const Works& works() const {
    return bench->case_in_hand(name(), [this] { return subject.make(name(), setting); });
  }

  void time(benchmark::State& state, const std::string& line, const Work& work) const {
    if (bench->begins(name() + "/" + line)) work.run();
    const double rate = static_cast<double>(work.amount) / bench->device().time(state, work.run);
    if (subject.unit == WorkUnit::kElements) {
      state.counters["ns/element"] = 1e9 / rate;
      return;
    }
    state.counters[subject.unit == WorkUnit::kBytes ? "bytes/s" : "FLOP/s"] = rate;
    state.counters["share"] =
        rate / bench->device().ceilings().rate(subject.unit, work.amount, setting.dtype);
  }

  void add(const std::string& line, const std::function<Work(const CaseLines& lines)>& work) const {
    benchmark::internal::Benchmark* const registered = benchmark::RegisterBenchmark(
        (name() + "/" + line).c_str(), [lines = *this, line, work](benchmark::State& state) {
          lines.time(state, line, work(lines));
        });
    registered->Unit(benchmark::kMicrosecond);
    bench->device().prepare(*registered);
  }

  Work ceiling() const {
    const int64_t amount = works().at(subject.lines.front()).amount;
    return bench->device().ceilings().work(subject.unit, amount, setting.dtype);
  }
};

}  // namespace

void register_benchmarks(const BenchPointer& bench, int64_t sequence) {
  const at::Device device = bench->device().torch_device();
  for (const Subject& subject : subjects()) {
    if (subject.cpu_only && !device.is_cpu()) continue;
    for (const Setting& setting : settings(sequence, device, bench->device().precisions())) {
      const CaseLines lines = {bench, subject, setting};
      for (const std::string& line : subject.lines) {
        lines.add(line, [line](const CaseLines& of) { return of.works().at(line); });
      }
      if (subject.unit == WorkUnit::kElements) continue;
      lines.add(subject.unit == WorkUnit::kBytes ? "copy" : "peak",
                [](const CaseLines& of) { return of.ceiling(); });
    }
  }
}

}  // namespace apps
