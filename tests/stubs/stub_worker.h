#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/cell.h"

namespace stubs {

/// The stand-in worker; see worker.py for what it can be told.
inline std::filesystem::path worker_path() {
  return std::filesystem::path(BENCH_SOURCE_DIR) / "tests/stubs/worker.py";
}

/// Tells every stub worker that is started from now on what to do.
inline void set_behaviour(const nlohmann::json& script = nlohmann::json::object()) {
  ::setenv("STUB_WORKER", script.dump().c_str(), 1);
}

/// A fresh directory that goes away with this.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = ::testing::TempDir() + "bench_sweep_XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A small cell: 2 steps, a tiny model, a generous timeout.
inline harness::Cell make_cell(const std::string& implementation = "fused",
                               int64_t micro_batch = 4) {
  harness::Cell cell;
  cell.implementation = implementation;
  cell.micro_batch = micro_batch;
  cell.model.preset = "tiny";
  cell.model.layers = 2;
  cell.model.hidden = 8;
  cell.model.heads = 2;
  cell.model.intermediate = 16;
  cell.model.vocabulary = 32;
  cell.model.max_positions = 64;
  cell.model.token_types = 2;
  cell.device.kind = "cpu";
  cell.data = {"windows", "/data/it's a file.safetensors"};
  cell.global_batch = 8;
  cell.measure.steps = 2;
  cell.measure.timeout_s = 20;
  return cell;
}

}  // namespace stubs
