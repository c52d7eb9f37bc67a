#include "harness/store/run_directory.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const auto kTime = std::chrono::system_clock::from_time_t(1700000000);  // 2023-11-14T22:13:20Z

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class RunDirectoryTest : public ::testing::Test {
 protected:
  RunDirectoryTest() { fs::current_path(directory_.path()); }
  ~RunDirectoryTest() override { fs::current_path("/"); }

  static std::string refusal(const fs::path& out) {
    try {
      check_run_location({out, {}});
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  }

  stubs::TemporaryDirectory directory_;
};

TEST_F(RunDirectoryTest, is_named_by_sweep_and_time) {
  const auto location = run_location("quick", std::nullopt, kTime);
  EXPECT_EQ(location.directory, "runs/quick/2023-11-14T22-13-20Z");
  create_run_directory(location);
  EXPECT_TRUE(fs::is_directory(location.directory));
  EXPECT_EQ(fs::read_symlink("runs/quick/latest"), "2023-11-14T22-13-20Z");
}

TEST_F(RunDirectoryTest, latest_moves_on_and_a_second_run_in_a_second_gets_its_own) {
  create_run_directory(run_location("quick", std::nullopt, kTime));
  const auto second = run_location("quick", std::nullopt, kTime);
  EXPECT_EQ(second.directory, "runs/quick/2023-11-14T22-13-20Z-2");
  create_run_directory(second);
  EXPECT_EQ(fs::read_symlink("runs/quick/latest"), "2023-11-14T22-13-20Z-2");
}

TEST_F(RunDirectoryTest, out_is_the_directory_itself) {
  const auto location = run_location("quick", "a/b", kTime);
  check_run_location(location);
  EXPECT_FALSE(fs::exists("a"));
  create_run_directory(location);
  EXPECT_TRUE(fs::is_directory("a/b"));
  EXPECT_FALSE(fs::exists("runs"));
}

TEST_F(RunDirectoryTest, refuses_a_directory_that_holds_something) {
  fs::create_directory("empty");
  EXPECT_EQ(refusal("empty"), "no error");
  fs::create_directory("full");
  std::ofstream("full/file") << "x";
  EXPECT_THAT(refusal("full"), HasSubstr("not empty"));
  for (const auto* const out : {"full/file", "full/file/below"}) {
    EXPECT_THAT(refusal(out),
                HasSubstr("not a directory; name a directory that is absent or empty"));
  }
  EXPECT_EQ(read("full/file"), "x");
}

TEST_F(RunDirectoryTest, refuses_what_cannot_be_created) {
  try {
    create_run_directory({"/proc/none/run", {}});
    FAIL() << "a directory was created in /proc";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(),
                 "cannot use /proc/none/run as the run directory: No such file or directory; check "
                 "the path");
  }
}

TEST_F(RunDirectoryTest, reads_back_a_run) {
  RunInfo info;
  info.name = "quick";
  info.baseline = "best";
  info.device = {"cpu", true, ""};
  info.plans = {{stubs::make_cell(), {std::nullopt, "no reason"}}};
  write_run_info(".", info);
  { const RecordLog log(records_path(".")); }
  const auto run = read_run(".");
  EXPECT_EQ(run.info, info);
  EXPECT_TRUE(run.stored.records.empty());
}

TEST_F(RunDirectoryTest, only_a_run_or_nothing_can_be_resumed) {
  const auto refusal_to_resume = [](const fs::path& directory) -> std::string {
    try {
      check_resumable(directory);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(refusal_to_resume("absent"), "no error");
  fs::create_directory("run");
  EXPECT_EQ(refusal_to_resume("run"), "no error");
  std::ofstream("run/notes.txt") << "x";
  EXPECT_THAT(refusal_to_resume("run"),
              AllOf(HasSubstr("has no records.jsonl"), HasSubstr("; name the directory of a run")));
  std::ofstream("run/records.jsonl").flush();
  EXPECT_EQ(refusal_to_resume("run"), "no error");
  EXPECT_THAT(refusal_to_resume("run/notes.txt"), HasSubstr("not a directory"));
}

TEST_F(RunDirectoryTest, reads_an_origin_back_and_knows_where_there_is_none) {
  EXPECT_EQ(read_origin("."), std::nullopt);
  const RunOrigin origin = {.sweep = {{"name", "quick"}}, .starts = {{"now", 0, {}, {}}}};
  write_origin(".", origin);
  EXPECT_EQ(read_origin("."), origin);
}

TEST_F(RunDirectoryTest, what_is_no_file_cannot_be_read) {
  fs::create_directory("run.json");
  EXPECT_THROW(read_run_info("."), UsageError);
  std::ofstream("file") << "x";
  EXPECT_THROW(read_run_info("file"), UsageError);
}

TEST_F(RunDirectoryTest, a_directory_without_a_run_is_an_error_that_says_what_to_do) {
  const auto read_error = []() -> std::string {
    try {
      read_run(".");
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(read_error(),
            ". is not a run directory: it has no run.json; name one that `bench_sweep SPEC` wrote, "
            "as runs/NAME/latest");
  std::ofstream("records.jsonl").flush();
  EXPECT_EQ(read_error(),
            ". is not a run directory: it has no run.json; put it back, or let `bench_sweep SPEC "
            "--resume .` write it");
  std::ofstream("run.json") << "{";
  EXPECT_THAT(read_error(), testing::StartsWith("./run.json: 1:2: not JSON: syntax error"));
}

}  // namespace
}  // namespace harness
