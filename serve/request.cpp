#include "serve/request.h"

#include <initializer_list>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"
#include "harness/protocol/strict_json.h"

namespace serve {
namespace {

/// `text`, which must be one JSON object with the keys `required` and no others.
nlohmann::json read_object(const std::string& text, std::initializer_list<const char*> required) {
  auto request = harness::parse_strict_json(text);
  if (!request.is_object() || request.size() != required.size()) {
    throw harness::ProtocolError(
        fmt::format("the request must be an object with the keys {}", fmt::join(required, ", ")));
  }
  for (const char* const key : required) {
    if (!request.contains(key)) {
      throw harness::ProtocolError(fmt::format("the request lacks the key {}", key));
    }
  }
  return request;
}

void require(bool holds, const char* what) {
  if (!holds) throw harness::ProtocolError(what);
}

/// A cell and a file that the answer goes to.
template <typename Request>
Request parse_file_request(const std::string& text) {
  const auto request = read_object(text, {"cell", "file"});
  require(request.at("file").is_string(), "the request's file must be a string");
  return {request.at("cell").get<harness::Cell>(), request.at("file").get<std::string>()};
}

}  // namespace

MeasureRequest parse_measure_request(const std::string& text) {
  const auto request = read_object(text, {"cell", "round", "repro"});
  require(request.at("round").is_number_integer(), "the request's round must be an integer");
  require(request.at("repro").is_string(), "the request's repro must be a string");
  return {request.at("cell").get<harness::Cell>(), request.at("round").get<int64_t>(),
          request.at("repro").get<std::string>()};
}

harness::Cell parse_check_request(const std::string& text) {
  return read_object(text, {"cell"}).at("cell").get<harness::Cell>();
}

TraceRequest parse_trace_request(const std::string& text) {
  return parse_file_request<TraceRequest>(text);
}

ReferenceRequest parse_reference_request(const std::string& text) {
  return parse_file_request<ReferenceRequest>(text);
}

std::vector<harness::Cell> parse_plan_request(const std::string& line) {
  const auto request = harness::parse_strict_json(line);
  require(request.is_array(), "a line of --plan must be an array of cells");
  return request.get<std::vector<harness::Cell>>();
}

}  // namespace serve
