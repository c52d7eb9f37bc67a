#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace machine {

/// The program that a shell would run for `name`: itself where it has a slash, else the first
/// executable file of that name in the folders of PATH, as an absolute path. None where there is
/// none.
std::optional<std::filesystem::path> find_program(const std::string& name);

}  // namespace machine
