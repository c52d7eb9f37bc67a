#include "harness/protocol/run_origin.h"

#include <algorithm>
#include <concepts>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/protocol/schema_version.h"
#include "harness/protocol/strict_object.h"

namespace harness {
namespace {

constexpr int kOriginVersion = 1;

}  // namespace

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, RunStart>
static void describe(Visitor& field, T& start) {
  field("time", start.time);
  field("first_record", start.first_record);
}

static void to_json(nlohmann::json& json, const RunStart& start) {
  write_fields(json, start);
  json["machine"] = start.machine;
  json["build"] = start.build;
}

/// Facts under `key` of an object that is read strictly.
static Facts read_facts(StrictObject& object, const std::string& key) {
  nlohmann::json value;
  object(key, value);
  Facts facts;
  at_key(key, [&] { facts = parse_facts(value); });
  return facts;
}

static void from_json(const nlohmann::json& json, RunStart& start) {
  StrictObject object(json);
  describe(object, start);
  start.machine = read_facts(object, "machine");
  start.build = read_facts(object, "build");
  object.finish();
}

const RunStart& start_of(const RunOrigin& origin, int64_t record) {
  const auto after =
      std::find_if(origin.starts.begin(), origin.starts.end(),
                   [&](const RunStart& start) { return start.first_record > record; });
  if (after == origin.starts.begin()) {
    throw std::out_of_range(fmt::format("no start measured record {}", record));
  }
  return *std::prev(after);
}

void to_json(nlohmann::json& json, const RunOrigin& origin) {
  ObjectWriter writer(json);
  writer("schema_version", origin.schema_version);
  writer("starts", origin.starts);
  json["sweep"] = origin.sweep;
}

void from_json(const nlohmann::json& json, RunOrigin& origin) {
  check_schema_version(json, kOriginVersion, "the run");
  StrictObject object(json);
  object("schema_version", origin.schema_version);
  origin.sweep = read_facts(object, "sweep");
  object("starts", origin.starts);
  object.finish();
  int64_t first = 0;
  for (std::size_t i = 0; i < origin.starts.size(); ++i) {
    const auto next = origin.starts[i].first_record;
    if (i == 0 ? next != 0 : next <= first) {
      throw ProtocolPathError(fmt::format("/starts/{}/first_record", i),
                              "starts must be in the order of their records, the first from 0");
    }
    first = next;
  }
}

}  // namespace harness
