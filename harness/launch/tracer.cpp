#include "harness/launch/tracer.h"

#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/launch/process.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// Throws ProtocolError where the worker's output is not one step's trace, or its file is missing.
StepTrace parse_reply(const std::string& output, const fs::path& path) {
  StepTrace step;
  try {
    step = parse_single_line(output).get<StepTrace>();
  } catch (const nlohmann::json::exception& error) {
    throw ProtocolError(error.what());
  }
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) == 0) {
    throw ProtocolError(fmt::format("the worker did not write {}", path.string()));
  }
  return step;
}

}  // namespace

CellTrace trace(const Cell& cell, const fs::path& directory, const std::string& file,
                const WorkerAccess& worker) {
  const fs::path path = fs::absolute(directory / file);
  const nlohmann::json request = {{"cell", cell}, {"file", path.string()}};
  const auto oom_kills_before = oom_kill_count();
  const auto result = run_process(
      worker_command(worker_arguments(worker, cell), "--trace", cell.measure),
      request.dump() + "\n", {.timeout_s = cell.measure.timeout_s, .stop_fd = worker.stop_fd});
  CellTrace traced;
  traced.cell = cell;
  traced.file = file;
  if (const auto failure =
          process_failure(result, cell.measure.timeout_s, oom_kill_count() - oom_kills_before)) {
    traced.failure = failure->reason;
    return traced;
  }
  try {
    traced.step = parse_reply(result.output, path);
  } catch (const ProtocolError& error) {
    traced.failure = error.what();
  }
  return traced;
}

}  // namespace harness
