#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/launch/process.h"
#include "tests/stubs/stub_worker.h"

namespace apps {

/// Drives the real bench_sweep in a directory of its own, with the stub worker.
class DriverFixture : public ::testing::Test {
 protected:
  DriverFixture() {
    std::filesystem::current_path(directory_.path());
    ::setenv("BENCH_SWEEP_LOCKS", locks_.path().c_str(), 1);  // tests do not wait for each other
    tell_workers(nlohmann::json::object());
  }
  ~DriverFixture() override { std::filesystem::current_path("/"); }

  /// What the stub workers do from now on; they log their launches to "log".
  static void tell_workers(nlohmann::json script) {
    script["log"] = (std::filesystem::current_path() / "log").string();
    stubs::set_behaviour(script);
  }

  /// Two implementations at two micro-batches, two rounds.
  static nlohmann::json small_sweep() {
    const auto data =
        std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";
    return {{"name", "small"},
            {"device", {{"kind", "cpu"}}},
            {"model", {{"preset", "minilm-l6"}}},
            {"data", {{"source", "windows"}, {"file", data}}},
            {"axes", {{"implementation", {"pytorch_eager", "fused"}}, {"micro_batch", {4, 8}}}},
            {"baseline", "pytorch_eager"},
            {"measure", {{"rounds", 2}, {"warmup_steps", 1}, {"steps", 2}, {"timeout", "20 s"}}}};
  }

  /// A cell of the small sweep, as a record has it.
  static nlohmann::json small_cell() {
    auto cell = stubs::make_cell();
    const auto data = small_sweep()["data"];
    cell.data = {data["source"].get<std::string>(), data["file"].get<std::string>()};
    cell.model.vocabulary = 30522;
    cell.model.max_positions = 512;
    return cell;
  }

  static void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  static std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  /// Runs bench_sweep with these arguments as they are.
  static harness::ProcessResult run_plain(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep");
    return harness::run_process({arguments}, "", {.timeout_s = kHangsAfterS});
  }
  /// The same with the stub worker.
  static harness::ProcessResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--worker", stubs::worker_path().string()});
    return run_plain(arguments);
  }
  /// Writes a sweep file and runs it with --out out.
  static harness::ProcessResult run_sweep(const nlohmann::json& sweep) {
    write_file("sweep.json", sweep.dump());
    return run({"sweep.json", "--out", "out"});
  }

  /// Only what hangs takes this long, however many other processes there are.
  static constexpr double kHangsAfterS = 500;

  stubs::TemporaryDirectory directory_;
  stubs::TemporaryDirectory locks_;
};

}  // namespace apps
