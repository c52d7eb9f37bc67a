#include "machine/control_groups.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace machine {
namespace {

namespace fs = std::filesystem;

/// `group` below `mount` and every folder above it down to `mount` itself.
std::vector<fs::path> upwards(const fs::path& mount, const fs::path& group) {
  auto inside = group.relative_path();
  // A process moved out of its container's part of the tree: only the mount itself is known.
  if (std::find(inside.begin(), inside.end(), "..") != inside.end()) inside.clear();
  std::vector<fs::path> folders;
  for (; !inside.empty(); inside = inside.parent_path()) folders.push_back(mount / inside);
  folders.push_back(mount);
  return folders;
}

bool names(const std::string& controllers, const std::string& wanted) {
  std::istringstream list(controllers);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == wanted) return true;
  }
  return false;
}

}  // namespace

ControlGroups control_groups(const std::string& controller, const fs::path& root) {
  const auto mount = root / "sys/fs/cgroup";
  ControlGroups groups;
  std::ifstream file(root / "proc/self/cgroup");
  // "hierarchy:controllers:group"; version 2 is hierarchy 0 without controllers.
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) groups.unified = upwards(mount, group);
    if (names(controllers, controller)) groups.legacy = upwards(mount / controller, group);
  }
  return groups;
}

}  // namespace machine
