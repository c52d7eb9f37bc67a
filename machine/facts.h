#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace machine {

/// What makes this machine another one for a measurement, by name: its own name, processor,
/// processors that this process may use, memory, kernel, and NVIDIA devices with their driver where
/// there are any. Texts for people; "unknown" where the kernel does not say. `root` stands in for /
/// in tests.
std::map<std::string, std::string> machine_facts(const std::filesystem::path& root = "/");

/// The fact that tells two machines apart that are alike: the machine's own name.
inline constexpr const char* kMachineName = "machine";

}  // namespace machine
