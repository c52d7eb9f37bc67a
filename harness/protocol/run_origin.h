#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/facts.h"

namespace harness {

/// One process that measured a part of a run: the one that began it, or one that resumed it.
struct RunStart {
  std::string time;          ///< UTC, ISO 8601 to the second
  int64_t first_record = 0;  ///< line of records.jsonl, from 0, where its records begin
  Facts machine;             ///< where it measured
  Facts build;               ///< the worker program that measured
  bool operator==(const RunStart&) const = default;
};

/// Where the records of a run come from (`origin.json`): what must agree before a run is resumed,
/// or joined with others.
struct RunOrigin {
  int schema_version = 1;
  Facts sweep;  ///< name, digests of the sweep file and its data, what options chose
  std::vector<RunStart> starts;  ///< in the order of their records
  bool operator==(const RunOrigin&) const = default;
};

/// The start that measured line `record` of records.jsonl, from 0.
/// Throws std::out_of_range where the origin has none.
const RunStart& start_of(const RunOrigin& origin, int64_t record);

void to_json(nlohmann::json& json, const RunOrigin& origin);
/// Throws ProtocolError on a missing, mistyped or unknown key, another schema_version, or starts
/// that are not in the order of their records, the first from 0.
void from_json(const nlohmann::json& json, RunOrigin& origin);

}  // namespace harness
