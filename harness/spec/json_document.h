#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace harness {

/// JSON of a sweep file; keeps the order in which the file has its keys.
using SpecJson = nlohmann::ordered_json;

/// Read and parse `file`. Throws SpecError where it cannot be read, is larger than
/// kMaxDocumentBytes, is not JSON (with line and column), has a key twice in one object, or has
/// more than kMaxJsonLevels of arrays and objects inside each other.
SpecJson read_json_file(const std::filesystem::path& file);

/// The same for text that is at hand; `file` is what errors call it.
SpecJson parse_json_text(const std::filesystem::path& file, const std::string& text);

}  // namespace harness
