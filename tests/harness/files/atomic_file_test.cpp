#include "harness/files/atomic_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

TEST(AtomicFile, appears_at_once_and_leaves_nothing_beside) {
  const stubs::TemporaryDirectory directory;
  const fs::path file = directory.path() / "file";
  write_file_atomically(file, "one");
  write_file_atomically(file, "two");
  std::ifstream stream(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 1);
}

TEST(AtomicFile, that_cannot_be_written_is_an_error_and_leaves_nothing) {
  const stubs::TemporaryDirectory directory;
  fs::create_directory(directory.path() / "taken");
  EXPECT_THROW(write_file_atomically(directory.path() / "taken", "x"), HarnessError);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 1);
}

}  // namespace
}  // namespace harness
