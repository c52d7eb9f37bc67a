#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <torch/version.h>

#include "apps/bench_kernels/registration.h"
#include "kernels/core/simd_level.h"
#include "machine/cpu_name.h"
#include "worker/memory/cpu_allocator.h"

namespace {

constexpr const char* kDescription =
    "Times every fused operator, forward and backward, at the sizes of one layer of bert-large,\n"
    "bert-base (micro-batch 4) and minilm-l6 (8), sequence 384, in fp32 and bf16. Lines are named\n"
    "operator/direction/precision/model/line, for instance "
    "gemm/qkv/forward/bf16/bert-large/fused:\n"
    "  fused   the operator of this project\n"
    "  torch   the same from LibTorch's operators, backward by its autograd\n"
    "  copy    the ceiling of what moves data: a copy that reads and writes as many bytes as the\n"
    "          operator must at least\n"
    "  peak    the ceiling of matrix products: as many FLOPs with operands in registers\n"
    "share = the line's rate over the ceiling's, measured in the same process. Each fused "
    "operator\n"
    "is first compared with LibTorch's result; where they differ the program ends with status 1.";

constexpr const char* kFooter =
    "Google Benchmark's options go with these:\n"
    "  --benchmark_filter=REGEX      lines to run, for instance 'gemm/.*/bf16/bert-large'\n"
    "  --benchmark_list_tests        only print the names\n"
    "  --benchmark_min_time=SECONDS  of each line (0.5)\n"
    "  --benchmark_repetitions=N     with mean, median and deviation\n"
    "  --benchmark_format=json, --benchmark_out=FILE, --benchmark_counters_tabular=true";

void describe_run(apps::Bench& bench) {
  const int threads = at::get_num_threads();
  benchmark::AddCustomContext("cpu", machine::cpu_name());
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  benchmark::AddCustomContext("kernel_simd", kernels::active_simd_level().name);
  benchmark::AddCustomContext("threads", std::to_string(threads));
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const apps::Peak& peak = bench.ceilings().peak(dtype);
    benchmark::AddCustomContext(
        dtype == at::kFloat ? "peak_fp32" : "peak_bf16",
        fmt::format("{:.1f} GFLOP/s ({})", peak.flops_per_second() / 1e9, peak.instruction()));
  }
  benchmark::AddCustomContext("copy_in_memory",
                              fmt::format("{:.1f} GB/s read and written",
                                          bench.ceilings().memory_bytes_per_second() / 1e9));
}

/// Google Benchmark takes what is not ours; ends the program at what nobody knows.
void hand_over(const char* program, std::vector<std::string> rest) {
  std::vector<char*> values = {const_cast<char*>(program)};
  for (std::string& value : rest) values.push_back(value.data());
  int count = static_cast<int>(values.size());
  benchmark::Initialize(&count, values.data());
  if (benchmark::ReportUnrecognizedArguments(count, values.data())) std::exit(2);
}

}  // namespace

int main(int count, char** values) {
  CLI::App app(kDescription, "bench_kernels");
  app.footer(kFooter);
  app.allow_extras();
  int threads = 0;
  app.add_option("--threads", threads, "Threads (0: as many as there are processors)")
      ->check(CLI::NonNegativeNumber);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  hand_over(values[0], app.remaining());
  try {
    worker::CpuAllocator::instance();
    if (threads > 0) at::set_num_threads(threads);
    const auto bench = std::make_shared<apps::Bench>();
    describe_run(*bench);
    apps::register_benchmarks(bench);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_kernels: error: {}\n", error.what());
    return 1;
  }
}
