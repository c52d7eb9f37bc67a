#include "machine/facts.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "machine/cpu_name.h"
#include "machine/number_file.h"
#include "machine/processors.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

/// The value of the first line "name: value" of a file; empty where there is none.
std::string named_text(const fs::path& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name + ":")) continue;
    const auto begin = line.find_first_not_of(" \t", name.size() + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

/// The models of the NVIDIA devices, by their bus addresses.
std::vector<std::string> nvidia_models(const fs::path& root) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "proc/driver/nvidia/gpus", error)) {
    folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::vector<std::string> models;
  for (const auto& folder : folders) models.push_back(named_text(folder / "information", "Model"));
  return models;
}

std::string memory_size(const fs::path& root) {
  const auto kib = read_named_number(root / "proc/meminfo", "MemTotal:");
  return kib ? fmt::format("{:.1f} GiB", static_cast<double>(*kib) / (1 << 20)) : "unknown";
}

}  // namespace

std::map<std::string, std::string> machine_facts(const fs::path& root) {
  utsname names{};
  const bool known = ::uname(&names) == 0;
  std::map<std::string, std::string> facts = {
      {kMachineName, known ? names.nodename : "unknown"},
      {"kernel", known ? names.release : "unknown"},
      {"processor", cpu_name()},
      {"processors", std::to_string(available_processors())},
      {"memory", memory_size(root)}};
  const auto models = nvidia_models(root);
  if (!models.empty()) {
    facts["gpus"] = fmt::format("{}", fmt::join(models, ", "));
    facts["gpu driver"] = named_text(root / "proc/driver/nvidia/version", "NVRM version");
  }
  return facts;
}

}  // namespace machine
