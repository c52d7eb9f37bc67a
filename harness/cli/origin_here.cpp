#include "harness/cli/origin_here.h"

#include <string>
#include <system_error>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "files/digest.h"
#include "files/file_error.h"
#include "files/text_file.h"
#include "harness/harness_error.h"
#include "harness/protocol/strict_json.h"
#include "machine/facts.h"

namespace harness {
namespace {

/// The sweep file's content, whatever its white space and the order of its keys.
std::string spec_digest(const std::filesystem::path& file) {
  return files::digest(parse_strict_json(files::read_text_file(file)).dump());
}

/// Of the files among a command's words: its program, and the script that it runs.
std::string command_digest(const std::vector<std::string>& command) {
  std::string digests;
  std::error_code error;
  for (const auto& word : command) {
    if (std::filesystem::is_regular_file(word, error)) digests += files::file_digest(word);
  }
  return files::digest(digests);
}

Facts sweep_facts(const SweepSpec& spec, const Facts& choices) {
  Facts facts = choices;
  facts["name"] = spec.name;
  facts["sweep file"] = spec_digest(spec.file);
  facts["data"] = files::file_digest(spec.data.file);
  if (spec.data.questions) {
    facts["vocabulary"] = files::file_digest(spec.data.questions->vocabulary);
  }
  if (spec.device.memory_limit_bytes) {
    facts["memory limit"] = fmt::format("{} bytes", *spec.device.memory_limit_bytes);
  }
  return facts;
}

}  // namespace

RunOrigin origin_here(const SweepSpec& spec, const Facts& choices,
                      const std::filesystem::path& worker,
                      std::chrono::system_clock::time_point now) {
  try {
    RunStart start;
    start.time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                             fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    start.machine = machine::machine_facts();
    start.build = {{"worker", files::file_digest(worker)}};
    for (const auto& entry : spec.workers) {
      start.build["worker of " + entry.first] = command_digest(entry.second);
    }
    return {.sweep = sweep_facts(spec, choices), .starts = {std::move(start)}};
  } catch (const files::FileError& error) {
    throw UsageError(error.what());
  }
}

}  // namespace harness
