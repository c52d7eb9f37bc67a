#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace squad {

/// Answer texts by question id.
using Predictions = std::unordered_map<std::string, std::string>;

/// Parse predictions.json: one object, ids to answer texts. `file` is what errors call it. Throws
/// json::Error where it is anything else, or has an id twice.
Predictions parse_predictions(std::string_view text, const std::string& file);

/// The same of a file, which may be an .xz. Throws files::FileError where it cannot be read.
Predictions read_predictions(const std::filesystem::path& file);

}  // namespace squad
