#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <benchmark/benchmark.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/version.h>

#include "apps/bench_kernels/bench_devices.h"
#include "apps/bench_kernels/registration.h"
#include "apps/bench_kernels/setting.h"
#include "harness/cli/exit_status.h"
#include "machine/cpu_name.h"
#include "worker/device/devices.h"

namespace {

constexpr const char* kDescription =
    "Times every fused operator, forward and backward, and whole layers, at the sizes of one\n"
    "layer of bert-large, bert-base (micro-batch 4) and minilm-l6 (8), in fp32 and bf16; with\n"
    "--device cuda on the first GPU at micro-batch 32 (minilm-l6: 64), in fp16, too. Lines are\n"
    "named operator/direction/precision/model/line, for instance\n"
    "gemm/qkv/forward/bf16/bert-large/fused:\n"
    "  fused   the operator of this project\n"
    "  torch   the same from LibTorch's operators, backward by its autograd\n"
    "  copy    the ceiling of what moves data: a copy that reads and writes as many bytes as\n"
    "          the operator must at least\n"
    "  peak    the ceiling of matrix products: as many FLOPs with operands in registers; of 16\n"
    "          bits on a GPU a product of 8192 x 8192 by cuBLASLt\n"
    "and of layers (forward and backward, dropout 0.1) layer/full, every sequence of full length,\n"
    "or layer/windows, lengths as SQuAD's windows have them, with lines\n"
    "  fused, fused+flash_attention, pytorch_eager, pytorch_tuned   padded\n"
    "  fused+remove_padding, fused+flash_attention+remove_padding   packed; rate of fewer FLOPs\n"
    "share = the line's rate over the ceiling's, measured in the same process. Each fused line is\n"
    "first compared with LibTorch's result; where they differ the program ends with status 1.\n"
    "On a GPU runs are timed by CUDA's events, each after memory as large as the second-level\n"
    "cache was written. Where there is no GPU the program says why and ends with status 6.";

constexpr const char* kFooter =
    "Google Benchmark's options go with these:\n"
    "  --benchmark_filter=REGEX      lines to run: 'gemm/.*/bf16/bert-large', '^layer/'\n"
    "  --benchmark_list_tests        only print the names\n"
    "  --benchmark_min_time=SECONDS  of each line (0.5)\n"
    "  --benchmark_repetitions=N     with mean, median and deviation\n"
    "  --benchmark_format=json, --benchmark_out=FILE, --benchmark_counters_tabular=true";

struct Options {
  std::string device = "cpu";
  bool hot = false;
  int threads = 0;
  int64_t sequence = apps::kUsualSequence;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--device", options.device, "Where to run: cpu, or cuda in a build for GPUs")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  app.add_flag("--hot", options.hot,
               "With --device cuda: leave in the second-level cache what the run before left");
  app.add_option("--threads", options.threads, "Threads (0: as many as there are processors)")
      ->check(CLI::Range(0, 4096));
  app.add_option("--sequence", options.sequence, "Positions of a sequence")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

void describe_run(const apps::BenchDevice& device) {
  benchmark::AddCustomContext("cpu", machine::cpu_name());
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  benchmark::AddCustomContext("threads", std::to_string(at::get_num_threads()));
  for (const auto& [key, value] : device.context()) benchmark::AddCustomContext(key, value);
}

/// Google Benchmark takes what is not ours; ends the program at what nobody knows.
void hand_over(const char* program, std::vector<std::string> rest) {
  std::vector<char*> values = {const_cast<char*>(program)};
  for (std::string& value : rest) values.push_back(value.data());
  int count = static_cast<int>(values.size());
  benchmark::Initialize(&count, values.data());
  if (benchmark::ReportUnrecognizedArguments(count, values.data())) {
    std::exit(harness::kExitUsage);
  }
}

/// Measures what Google Benchmark was told to; the exit status.
int measure(const Options& options) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  const auto bench =
      std::make_shared<apps::Bench>(apps::make_bench_device(options.device, options.hot));
  describe_run(bench->device());
  apps::register_benchmarks(bench, options.sequence);
  const bool any = benchmark::RunSpecifiedBenchmarks() > 0;
  benchmark::Shutdown();
  // They hold the bench, which a device's libraries must outlive.
  benchmark::ClearRegisteredBenchmarks();
  if (any) return 0;
  fmt::print(stderr, "bench_kernels: error: no line matches; --benchmark_list_tests names all\n");
  return harness::kExitUsage;
}

int refuse(int status, const std::string& reason) {
  fmt::print(stderr, "bench_kernels: error: {}\n", reason);
  return status;
}

}  // namespace

int main(int count, char** values) {
  CLI::App app(kDescription, "bench_kernels");
  app.footer(kFooter);
  app.allow_extras();
  Options options;
  add_options(app, options);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : harness::kExitUsage;
  }
  if (options.hot && options.device != "cuda") {
    return refuse(harness::kExitUsage,
                  "--hot goes with --device cuda: nothing flushes the CPU's caches");
  }
  hand_over(values[0], app.remaining());
  try {
    const std::string absence = worker::absence_of(options.device);
    if (!absence.empty()) return refuse(harness::kExitDeviceAbsent, absence);
    return measure(options);
  } catch (const c10::Error& error) {
    return refuse(1, error.what_without_backtrace());
  } catch (const std::exception& error) {
    return refuse(1, error.what());
  }
}
