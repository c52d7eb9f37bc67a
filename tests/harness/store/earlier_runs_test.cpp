#include "harness/store/earlier_runs.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

class EarlierRuns : public ::testing::Test {
 protected:
  EarlierRuns() { fs::current_path(directory_.path()); }
  ~EarlierRuns() override { fs::current_path("/"); }

  static void make_run(const std::string& path) {
    fs::create_directories(path);
    std::ofstream(fs::path(path) / "records.jsonl") << "\n";
  }

  stubs::TemporaryDirectory directory_;
};

TEST_F(EarlierRuns, stand_newest_first) {
  make_run("runs/small/2026-01-02T03-04-05Z");
  make_run("runs/small/2026-10-02T03-04-05Z");
  make_run("runs/small/2025-12-31T03-04-05Z");
  EXPECT_THAT(earlier_runs("small"), ::testing::ElementsAre("runs/small/2026-10-02T03-04-05Z",
                                                            "runs/small/2026-01-02T03-04-05Z",
                                                            "runs/small/2025-12-31T03-04-05Z"));
}

TEST_F(EarlierRuns, are_not_plans_links_files_or_other_sweeps) {
  make_run("runs/small/2026-01-02T03-04-05Z");
  make_run("runs/other/2026-01-03T03-04-05Z");
  fs::create_directories("runs/small/2026-01-02T03-04-05Z-plan");
  fs::create_symlink("2026-01-02T03-04-05Z", "runs/small/latest");
  std::ofstream("runs/small/notes") << "\n";
  EXPECT_THAT(earlier_runs("small"), ::testing::ElementsAre("runs/small/2026-01-02T03-04-05Z"));
}

TEST_F(EarlierRuns, are_none_where_nothing_ran) {
  EXPECT_THAT(earlier_runs("small"), ::testing::IsEmpty());
}

}  // namespace
}  // namespace harness
