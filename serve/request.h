#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/protocol/cell.h"

namespace serve {

/// One round of a cell.
struct MeasureRequest {
  harness::Cell cell;
  int64_t round = 0;
  std::string repro;  ///< goes into the record as it is
};

/// One step of a cell, recorded.
struct TraceRequest {
  harness::Cell cell;
  std::filesystem::path file;  ///< of the Chrome trace; its folder must be there
};

/// The numbers that a check is held against, written to a file.
struct ReferenceRequest {
  harness::Cell cell;
  std::filesystem::path file;  ///< a safetensors file; its folder must be there
};

// Requests as docs/worker_protocol.md has them. Each throws ProtocolError on anything else.
MeasureRequest parse_measure_request(const std::string& text);
harness::Cell parse_check_request(const std::string& text);
TraceRequest parse_trace_request(const std::string& text);
ReferenceRequest parse_reference_request(const std::string& text);
std::vector<harness::Cell> parse_plan_request(const std::string& line);

}  // namespace serve
