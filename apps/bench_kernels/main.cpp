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
#include "apps/bench_kernels/setting.h"
#include "kernels/core/simd_level.h"
#include "machine/cpu_name.h"
#include "worker/memory/cpu_allocator.h"

namespace {

constexpr const char* kDescription =
    "Times every fused operator, forward and backward, and whole layers, at the sizes of one "
    "layer\n"
    "of bert-large, bert-base (micro-batch 4) and minilm-l6 (8), in fp32 and bf16. Lines are "
    "named\n"
    "operator/direction/precision/model/line, for instance "
    "gemm/qkv/forward/bf16/bert-large/fused:\n"
    "  fused   the operator of this project\n"
    "  torch   the same from LibTorch's operators, backward by its autograd\n"
    "  copy    the ceiling of what moves data: a copy that reads and writes as many bytes as the\n"
    "          operator must at least\n"
    "  peak    the ceiling of matrix products: as many FLOPs with operands in registers\n"
    "and of layers (forward and backward, dropout 0.1) layer/full, every sequence of full length,\n"
    "or layer/windows, lengths as SQuAD's windows have them, with lines\n"
    "  fused, fused+flash_attention, pytorch_eager, pytorch_tuned   padded\n"
    "  fused+remove_padding, fused+flash_attention+remove_padding   packed; rate of fewer FLOPs\n"
    "share = the line's rate over the ceiling's, measured in the same process. Each fused line is\n"
    "first compared with LibTorch's result; where they differ the program ends with status 1.";

constexpr const char* kFooter =
    "Google Benchmark's options go with these:\n"
    "  --benchmark_filter=REGEX      lines to run: 'gemm/.*/bf16/bert-large', '^layer/'\n"
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
    const apps::Ceilings& ceilings = bench.ceilings();
    benchmark::AddCustomContext(
        dtype == at::kFloat ? "peak_fp32" : "peak_bf16",
        fmt::format("{:.1f} GFLOP/s ({})", ceilings.flops_per_second(dtype) / 1e9,
                    ceilings.instruction(dtype)));
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
      ->check(CLI::Range(0, 4096));
  int64_t sequence = apps::kUsualSequence;
  app.add_option("--sequence", sequence, "Positions of a sequence")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  hand_over(values[0], app.remaining());
  try {
    worker::CpuAllocator::instance();
    if (threads > 0) at::set_num_threads(threads);
    const auto bench = std::make_shared<apps::Bench>(at::get_num_threads());
    describe_run(*bench);
    apps::register_benchmarks(bench, sequence);
    const bool any = benchmark::RunSpecifiedBenchmarks() > 0;
    benchmark::Shutdown();
    if (!any) {
      fmt::print(stderr,
                 "bench_kernels: error: no line matches; --benchmark_list_tests names all\n");
      return 2;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_kernels: error: {}\n", error.what());
    return 1;
  }
}
