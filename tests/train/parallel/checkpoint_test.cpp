// Engine checkpoints of several processes.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/train/parallel/parallel_run.h"
#include "train/engine_checkpoint.h"

namespace train {
namespace {

namespace fs = std::filesystem;

/// A folder of the test's own that all processes see.
class Folder {
 public:
  Folder() : path(fs::temp_directory_path() / ("parallel_checkpoint_" + std::to_string(number()))) {
    if (processes::all().rank() == 0) fs::create_directory(path);
    processes::all().any(false);  // all wait for it
  }
  ~Folder() {
    processes::all().any(false);
    if (processes::all().rank() == 0) fs::remove_all(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path path;

 private:
  /// The first process's, for all.
  static int64_t number() {
    return static_cast<int64_t>(
        processes::all().sum(processes::all().rank() == 0 ? ::getpid() : 0));
  }
};

CheckpointedRun checkpointed(ParallelRun& run) {
  return {.bert = run.bert,
          .optimizer = *run.optimizer,
          .engine = run.engine,
          .reduction = run.reduction.get()};
}

class ParallelCheckpoint : public testing::TestWithParam<ParallelSetting> {};

TEST_P(ParallelCheckpoint, training_goes_on_to_the_same_bits) {
  const Folder folder;
  ParallelRun first(GetParam());
  first.steps(3);
  save_engine_checkpoint(folder.path, checkpointed(first));
  const std::vector<double> losses = first.steps(3);
  ParallelRun second(GetParam());
  load_engine_checkpoint(folder.path, checkpointed(second));
  EXPECT_EQ(second.steps(3), losses);
  const auto expected = first.weights();
  const auto actual = second.weights();
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(at::equal(actual[i], expected[i]));
}

INSTANTIATE_TEST_SUITE_P(of, ParallelCheckpoint,
                         testing::Values(ParallelSetting{}, ParallelSetting{.zero = true},
                                         ParallelSetting{.dtype = at::kBFloat16, .zero = true}));

TEST(ParallelCheckpointErrors, another_number_of_processes_cannot_go_on) {
  if (processes::all().size() == 1) GTEST_SKIP() << "alone, there is no other number";
  const Folder folder;
  ParallelRun many({.zero = true});
  many.steps(1);
  save_engine_checkpoint(folder.path, checkpointed(many));
  ParallelRun one({}, /*alone=*/true);
  EXPECT_THAT([&] { load_engine_checkpoint(folder.path, checkpointed(one)); },
              testing::ThrowsMessage<checkpoint::CheckpointError>(
                  testing::HasSubstr("go on with as many processes as it was saved by")));
}

}  // namespace
}  // namespace train
