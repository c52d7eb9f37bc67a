#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace machine {

/// The number that a file of the kernel begins with; none where the file is missing or says
/// something else ("max").
inline std::optional<int64_t> read_number(const std::filesystem::path& path) {
  std::ifstream file(path);
  int64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

/// The number after `name` in a file of lines "name number ..."; none where it is not there.
inline std::optional<int64_t> read_named_number(const std::filesystem::path& path,
                                                const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name + " ")) continue;
    try {
      return std::stoll(line.substr(name.size()));
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace machine
