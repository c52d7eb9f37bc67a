#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace harness {

/// Named facts about a thing (a machine, a sweep, a build), each a text for people: two things are
/// the same where all facts are.
using Facts = std::map<std::string, std::string>;

/// What differs from `before` in `now`, one line: "processors: 4, was 8; kernel: none, was 6.1".
/// Empty where nothing does.
std::string differences(const Facts& before, const Facts& now);

/// Facts as a JSON object of texts. Throws ProtocolError where `json` is anything else.
Facts parse_facts(const nlohmann::json& json);

}  // namespace harness
