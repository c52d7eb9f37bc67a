#include "machine/program_path.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace machine {
namespace {

namespace fs = std::filesystem;

class ProgramPath : public testing::Test {
 protected:
  ProgramPath() {
    std::string name = testing::TempDir() + "program_path_XXXXXX";
    folder_ = ::mkdtemp(name.data());
    for (const auto* const sub : {"first", "second"}) fs::create_directory(folder_ / sub);
    ::setenv("PATH", ((folder_ / "first").string() + ":" + (folder_ / "second").string()).c_str(),
             1);
  }
  ~ProgramPath() override { fs::remove_all(folder_); }

  void write(const fs::path& name, bool executable) const {
    std::ofstream(folder_ / name) << "#!/bin/sh\n";
    if (executable) fs::permissions(folder_ / name, fs::perms::owner_all);
  }

  fs::path folder_;
};

TEST_F(ProgramPath, is_the_first_executable_file_of_the_name) {
  fs::create_directory(folder_ / "first/folder");
  write("first/data", false);
  write("second/data", true);
  EXPECT_EQ(find_program("data"), folder_ / "second/data");
  write("first/both", true);
  write("second/both", true);
  EXPECT_EQ(find_program("both"), folder_ / "first/both");
  EXPECT_FALSE(find_program("folder"));
  EXPECT_FALSE(find_program("nothing"));
  EXPECT_FALSE(find_program(""));
}

TEST_F(ProgramPath, with_a_slash_is_the_file_itself) {
  write("first/run", true);
  write("first/data", false);
  EXPECT_EQ(find_program((folder_ / "first/run").string()), folder_ / "first/run");
  EXPECT_FALSE(find_program((folder_ / "first/data").string()));
  EXPECT_FALSE(find_program("./run"));
}

}  // namespace
}  // namespace machine
