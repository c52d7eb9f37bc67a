#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace machine {

/// Folders of the control groups that bound this process's use of what `controller` ("memory",
/// "cpu") rules: its own group and every one above it, innermost first. Version 2 and version 1,
/// as mounted below /sys/fs/cgroup. A group that this process's mount does not show (a container's)
/// is a folder that does not exist. `root` stands in for / in tests.
struct ControlGroups {
  std::vector<std::filesystem::path> unified;  ///< version 2
  std::vector<std::filesystem::path> legacy;   ///< version 1
};

ControlGroups control_groups(const std::string& controller, const std::filesystem::path& root);

}  // namespace machine
