#pragma once

#include <fstream>
#include <string>

namespace harness {

/// Neither gone nor a zombie that waits for its parent.
inline bool alive(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return file >> number >> name >> state && state != "Z" && state != "X";
}

}  // namespace harness
