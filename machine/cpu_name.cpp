#include "machine/cpu_name.h"

#include <fstream>
#include <map>

#include <fmt/format.h>

namespace machine {
namespace {

/// The fields of the first processor.
std::map<std::string, std::string> cpu_fields(const std::filesystem::path& root) {
  std::ifstream file(root / "proc/cpuinfo");
  std::map<std::string, std::string> fields;
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    fields.emplace(line.substr(0, line.find_last_not_of("\t ", colon - 1) + 1),
                   line.substr(colon + 2));
  }
  return fields;
}

}  // namespace

std::string cpu_name(const std::filesystem::path& root) {
  const auto fields = cpu_fields(root);
  const auto name = fields.find("model name");
  if (name == fields.end()) return "unknown";
  std::string numbers;
  for (const auto& [field, word] :
       {std::pair{"cpu family", "family"}, {"model", "model"}, {"stepping", "stepping"}}) {
    const auto number = fields.find(field);
    if (number == fields.end()) continue;
    numbers += fmt::format("{}{} {}", numbers.empty() ? "" : ", ", word, number->second);
  }
  return numbers.empty() ? name->second : fmt::format("{} ({})", name->second, numbers);
}

}  // namespace machine
