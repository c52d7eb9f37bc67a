#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace machine {

/// A folder that stands in for /, with the kernel's files as a test writes them.
class FakeRoot : public ::testing::Test {
 protected:
  FakeRoot() {
    std::string name = ::testing::TempDir() + "bench_machine_XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
  }
  ~FakeRoot() override { std::filesystem::remove_all(root_); }

  void write(const std::string& file, const std::string& text) const {
    const auto path = root_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  std::filesystem::path root_;
};

}  // namespace machine
