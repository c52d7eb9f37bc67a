#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/protocol/cell.h"

namespace worker {

struct Outcome {
  int exit_status = -1;              ///< -1 where a signal ended it
  std::vector<std::string> replies;  ///< lines of standard output
  std::vector<std::string> errors;   ///< lines of standard error
};

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// `program` of the build's bin/ on `input`; `environment`: "NAME=value ...".
inline Outcome run_program(const std::string& program, const std::string& arguments,
                           const std::string& input, const std::string& environment = "") {
  const auto folder =
      std::filesystem::path(testing::TempDir()) / (program + "_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "in") << input;
  const std::string command = environment + " " + std::string(BENCH_BINARY_DIR) + "/bin/" +
                              program + " " + arguments + " < " + (folder / "in").string() + " > " +
                              (folder / "out").string() + " 2> " + (folder / "err").string();
  Outcome outcome;
  const int status = std::system(command.c_str());
  if (WIFEXITED(status)) outcome.exit_status = WEXITSTATUS(status);
  outcome.replies = lines_of(folder / "out");
  outcome.errors = lines_of(folder / "err");
  std::filesystem::remove_all(folder);
  return outcome;
}

inline std::string measure_request(const harness::Cell& cell) {
  return nlohmann::json{{"cell", cell}, {"round", 1}, {"repro", "bench_sweep cell '{}'"}}.dump() +
         "\n";
}

}  // namespace worker
