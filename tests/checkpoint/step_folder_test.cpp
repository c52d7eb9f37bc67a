#include "checkpoint/step_folder.h"

#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/checksummed_file.h"
#include "checkpoint/latest_tag.h"
#include "tests/files/file_size_limit.h"

namespace checkpoint {
namespace {

using std::filesystem::path;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class StepFolderTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(parent_); }
  void TearDown() override { std::filesystem::remove_all(parent_); }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(parent_)) {
      found.insert(entry.path().filename().string());
    }
    return found;
  }

  template <class Action>
  static std::string error_of(const Action& action) {
    try {
      action();
    } catch (const CheckpointError& error) {
      return error.what();
    }
    return "no error";
  }

  const path parent_ =
      path(testing::TempDir()) /
      (std::string("step_folder_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(StepFolderTest, is_in_its_place_and_named_by_latest_once_it_is_finished) {
  const StepFolder folder(parent_, 120);
  folder.create();
  std::ofstream(folder.unfinished() / "x") << "x";
  EXPECT_THAT(names(), UnorderedElementsAre("step-00000120.tmp"));
  folder.finish();
  EXPECT_THAT(names(), UnorderedElementsAre("latest", "step-00000120"));
  EXPECT_TRUE(std::filesystem::exists(folder.place() / "x"));
  EXPECT_EQ(read_latest_tag(parent_ / "latest"), "step-00000120");
}

TEST_F(StepFolderTest, takes_another_name_where_there_is_one_of_the_step) {
  for (const char* const name : {"step-00000007", "step-00000007.1", "step-00000007.2"}) {
    const StepFolder folder(parent_, 7);
    folder.create();
    folder.finish();
    EXPECT_EQ(read_latest_tag(parent_ / "latest"), name);
  }
}

TEST_F(StepFolderTest, removes_what_killed_processes_left_and_nothing_else) {
  std::filesystem::create_directories(parent_ / "step-00000003.tmp");
  std::filesystem::create_directories(parent_ / "step-00000002");
  for (const char* const name : {"step-00000003.tmp/x", "latest.9.tmp", "other.tmp"}) {
    std::ofstream(parent_ / name) << "half";
  }
  const StepFolder folder(parent_, 3);
  folder.create();
  EXPECT_TRUE(std::filesystem::is_empty(folder.unfinished()));
  EXPECT_THAT(names(), UnorderedElementsAre("step-00000002", "step-00000003.tmp", "other.tmp"));
  folder.remove();
  EXPECT_THAT(names(), UnorderedElementsAre("step-00000002", "other.tmp"));
}

TEST_F(StepFolderTest, where_latest_cannot_be_written_it_names_the_earlier_folder) {
  const StepFolder first(parent_, 1);
  first.create();
  first.finish();
  const StepFolder second(parent_, 2);
  second.create();
  {
    const files::FileSizeLimit limit(0);
    EXPECT_THAT(error_of([&] { second.finish(); }),
                AllOf(HasSubstr("cannot write"), HasSubstr("latest: File too large")));
  }
  second.remove();
  EXPECT_EQ(read_latest_tag(parent_ / "latest"), "step-00000001");
  EXPECT_THAT(names(), UnorderedElementsAre("latest", "step-00000001"));
}

/// Saves steps from `first` on, two files each, until it is killed.
[[noreturn]] void save_for_ever(const path& parent, uint64_t first) {
  const std::vector<uint8_t> content(50000, 7);
  for (uint64_t step = first;; ++step) {
    const StepFolder folder(parent, step);
    folder.create();
    for (const char* const name : {"a.safetensors", "b.safetensors"}) {
      write_checksummed(folder.unfinished() / name, {{"x", Dtype::kU8, {50000}, bytes_of(content)}},
                        {{"step", std::to_string(step)}});
    }
    folder.finish();
  }
}

TEST_F(StepFolderTest, a_process_killed_at_any_moment_leaves_a_whole_folder_that_latest_names) {
  std::mt19937 random(1);
  uint64_t first = 0;
  for (int kill = 0; kill < 20; ++kill) {
    const pid_t child = ::fork();
    if (child == 0) save_for_ever(parent_, first);
    const auto runs = [child] { return ::waitpid(child, nullptr, WNOHANG) == 0; };
    while (!std::filesystem::exists(parent_ / "latest") && runs()) ::usleep(1000);
    ::usleep(random() % 20000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const path newest = parent_ / read_latest_tag(parent_ / "latest");
    const std::string step =
        open_checksummed(newest / "a.safetensors").header().metadata.at("step");
    EXPECT_EQ(open_checksummed(newest / "b.safetensors").header().metadata.at("step"), step);
    first = std::stoull(step) + 1;
  }
}

TEST_F(StepFolderTest, a_parent_that_is_not_there_is_named) {
  const StepFolder folder(parent_ / "none", 1);
  EXPECT_THAT(error_of([&] { folder.create(); }),
              HasSubstr("none/step-00000001.tmp: cannot create: No such file"));
  EXPECT_THAT(error_of([&] { folder.finish(); }), HasSubstr("cannot write: No such file"));
}

}  // namespace
}  // namespace checkpoint
