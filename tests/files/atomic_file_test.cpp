#include "files/atomic_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/file_error.h"
#include "tests/files/file_size_limit.h"

namespace files {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("atomic_file_") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~AtomicFileTest() override { fs::remove_all(folder_); }

  static void write(AtomicFile& file, std::string_view text) {
    file.write(std::as_bytes(std::span(text)));
  }
  void replace(std::string_view text) const {
    AtomicFile file(folder_ / "file");
    write(file, text);
    file.commit();
  }
  std::string content() const {
    std::ifstream stream(folder_ / "file", std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::ptrdiff_t files_in_folder() const {
    return std::distance(fs::directory_iterator(folder_), {});
  }

  const fs::path folder_;
};

TEST_F(AtomicFileTest, the_old_content_stays_until_the_new_is_committed) {
  replace("one");
  {
    AtomicFile file(folder_ / "file");
    write(file, "tw");
    write(file, "o");
    EXPECT_EQ(content(), "one");
    file.commit();
  }
  EXPECT_EQ(content(), "two");
  EXPECT_EQ(files_in_folder(), 1);
}

TEST_F(AtomicFileTest, nothing_is_left_of_a_file_that_is_not_committed) {
  {
    AtomicFile file(folder_ / "file");
    write(file, "one");
  }
  EXPECT_EQ(files_in_folder(), 0);
}

TEST_F(AtomicFileTest, where_the_disk_ends_the_old_file_stays_and_nothing_else) {
  replace("one");
  try {
    const FileSizeLimit limit(4096);
    replace(std::string(5000, 'x'));
    FAIL() << "no error";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::file_too_large);
  }
  EXPECT_EQ(content(), "one");
  EXPECT_EQ(files_in_folder(), 1);
}

TEST_F(AtomicFileTest, a_text_is_written_at_once_or_an_error_names_file_and_reason) {
  write_file_atomically(folder_ / "file", "one");
  EXPECT_EQ(content(), "one");
  EXPECT_EQ(files_in_folder(), 1);
  const std::string missing = (folder_ / "none" / "file").string();
  try {
    write_file_atomically(missing, "two");
    FAIL() << "no error";
  } catch (const FileError& error) {
    EXPECT_EQ(error.what(),
              "cannot write " + missing + ": No such file or directory; check the path");
  }
}

TEST_F(AtomicFileTest, a_place_that_cannot_be_written_is_an_error_with_its_reason) {
  try {
    AtomicFile file(folder_ / "none" / "file");
    FAIL() << "no error";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
  fs::create_directory(folder_ / "file");
  EXPECT_THROW(replace("x"), std::system_error);
  EXPECT_EQ(files_in_folder(), 1);
}

/// A process that ran and is gone.
pid_t ended_process() {
  const pid_t process = ::fork();
  if (process == 0) ::_exit(0);
  ::waitpid(process, nullptr, 0);
  return process;
}

TEST_F(AtomicFileTest, what_a_killed_process_left_is_removed_and_nothing_else) {
  const auto temporary = [](pid_t writer) { return "file." + std::to_string(writer) + ".tmp"; };
  const std::string abandoned = temporary(ended_process());
  const std::string of_earlier_container = temporary(::getpid());
  const std::string being_written = temporary(::getppid());
  for (const std::string& name :
       {abandoned, of_earlier_container, being_written, std::string("file"),
        std::string("file.tmp"), std::string("file.1x.tmp"), std::string("file.-1.tmp")}) {
    std::ofstream(folder_ / name) << "half";
  }
  remove_abandoned_files(folder_);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder_)) left.push_back(entry.path().filename());
  EXPECT_THAT(left, testing::UnorderedElementsAre(being_written, "file", "file.tmp", "file.1x.tmp",
                                                  "file.-1.tmp"));
  remove_abandoned_files(folder_ / "none");
}

}  // namespace
}  // namespace files
