#include "harness/launch/record_check.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/launch/footprint_check.h"
#include "harness/launch/worker_command.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

void require(bool holds, const std::string& problem) {
  if (!holds) throw ProtocolError("the worker " + problem);
}

void check_request(const Record& record, const Cell& cell, int64_t round) {
  require(record.cell == cell, "returned a record of another cell");
  require(record.round == round,
          fmt::format("returned round {} where {} was asked for", record.round, round));
  require(record.repro == repro_command(cell), "changed the repro line");
  require(record.memory.source == "measured", "returned a record that it calls planned");
  require(record.reason.find('\n') == std::string::npos, "gave a reason of several lines");
}

void check_descriptions(const Record& record) {
  require(record.environment.is_object() && record.build.is_object(),
          "described its environment or build by something else than an object");
  const auto bytes = record.environment.dump().size() + record.build.dump().size();
  require(bytes <= kDescriptionBytes,
          fmt::format("described its environment and build in {} bytes, more than {}", bytes,
                      kDescriptionBytes));
}

void check_counts(const Record& record) {
  const auto& cell = record.cell;
  require(!record.samples.empty(), "returned a passed record without samples");
  require(static_cast<int64_t>(record.samples.size()) == cell.measure.steps,
          fmt::format("returned {} samples where the cell has {} steps", record.samples.size(),
                      cell.measure.steps));
  require(record.sequences_per_sample == cell.sequences_per_step(),
          fmt::format("counted {} sequences a step where the cell has {}",
                      record.sequences_per_sample, cell.sequences_per_step()));
  const int64_t most = cell.sequences_per_step() * cell.sequence_length;
  const int64_t tokens = *std::max_element(record.tokens.begin(), record.tokens.end());
  require(tokens <= most,
          fmt::format("counted {} tokens in a step that has room for {}", tokens, most));
}

void check_times(const Record& record, double seconds) {
  require(*std::min_element(record.samples.begin(), record.samples.end()) > 0,
          "returned a step that took no time");
  if (record.cell.worker.empty()) return;
  const double claimed = std::accumulate(record.samples.begin(), record.samples.end(), 0.0);
  require(claimed <= seconds,
          fmt::format("claims steps of {:.3g} s in all and lived for {:.3g} s", claimed, seconds));
}

/// Where a round stopped, and what an allocation was refused for, belongs to one that did.
void check_end(const Record& record) {
  if (record.status != Status::kPassed) {
    require(record.phase.has_value(), "did not say where a round that did not pass stopped");
    return;
  }
  require(!record.phase, "says where a passed round stopped");
  require(!record.memory.out_of_memory, "says what memory a passed round lacked");
}

/// Scratch that libraries take for themselves is not under the limit.
void check_limit(const Record& record) {
  const auto limit = record.cell.device.usable_bytes();
  if (!limit || !record.memory.measured) return;
  const MemoryFootprint& memory = *record.memory.measured;
  const int64_t limited = memory.peak_bytes - memory.library_scratch_bytes;
  require(limited <= *limit,
          fmt::format("took {} bytes where the memory limit leaves {}", limited, *limit));
}

}  // namespace

Record parse_record(const std::string& output, const Cell& cell, int64_t round, double seconds) {
  Record record;
  try {
    record = parse_single_line(output).get<Record>();
  } catch (const nlohmann::json::exception& error) {
    throw ProtocolError(error.what());
  }
  check_request(record, cell, round);
  check_descriptions(record);
  check_end(record);
  if (record.memory.measured) check_footprint(*record.memory.measured);
  if (record.status == Status::kPassed) {
    check_counts(record);
    check_times(record, seconds);
    check_limit(record);
  }
  return record;
}

}  // namespace harness
