#include "train/engine_checkpoint.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/checksummed_file.h"
#include "checkpoint/latest_tag.h"
#include "checkpoint/names/bert_file.h"
#include "checkpoint/open_checkpoint.h"
#include "tests/files/file_size_limit.h"
#include "tests/train/checkpoint_expectations.h"
#include "tests/train/engine_run.h"
#include "train/lamb.h"

namespace train {
namespace {

using checkpoint::CheckpointError;
using files::FileSizeLimit;
using std::filesystem::path;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class EngineCheckpoint : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static CheckpointedRun as_saved(EngineRun& run, Agreement agreement = {},
                                  GradientReduction* reduction = nullptr) {
    return {run.bert, *run.optimizer, run.engine, std::move(agreement), reduction};
  }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      found.insert(entry.path().filename().string());
    }
    return found;
  }

  static std::string error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const CheckpointError& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
    return "no error";
  }

  std::string load_error(EngineRun& run, Agreement agreement = {}) const {
    const auto before = run.snapshot();
    const EngineState state = run.engine.state();
    const std::string error =
        error_of([&] { load_engine_checkpoint(folder_, as_saved(run, std::move(agreement))); });
    EXPECT_TRUE(same_bits(run.snapshot(), before)) << error;
    EXPECT_EQ(run.engine.state(), state) << error;
    return error;
  }

  static void change_byte(const path& file, int64_t at) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekg(at);
    const auto byte = static_cast<char>(stream.get() ^ 0x10);
    stream.seekp(at);
    stream.put(byte);
  }

  const path folder_ =
      path(testing::TempDir()) / (std::string("engine_checkpoint_") +
                                  testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(EngineCheckpoint, a_run_goes_on_to_the_same_bits_as_one_never_stopped) {
  const MakeOptimizer lamb = [](std::vector<model::Parameter> parameters) {
    return std::make_unique<Lamb>(std::move(parameters), LambOptions{.weight_decay = 0.1});
  };
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    expect_same_bits_after_resuming(folder_ / "adamw", {.dtype = dtype, .dropout = 0.1});
    expect_same_bits_after_resuming(folder_ / "lamb",
                                    {.dtype = dtype, .dropout = 0.1, .make_optimizer = lamb});
  }
}

TEST_F(EngineCheckpoint, the_newest_checkpoint_opens_as_weights_under_huggingface_names) {
  EngineRun run({.micro_batch = 2});
  run.step();
  const path saved = save_engine_checkpoint(folder_, as_saved(run));
  EXPECT_EQ(saved, folder_ / "step-00000001");
  const checkpoint::names::BertFile file(checkpoint::open_checkpoint(folder_));
  for (const model::WeightView& weight : run.bert.weights()) {
    const auto place = file.find(weight.name);
    ASSERT_TRUE(place) << weight.name;
    const std::vector<std::byte> bytes = file.read(*place);
    const at::Tensor value = weight.value().detach().contiguous();
    ASSERT_EQ(bytes.size(), value.nbytes());
    EXPECT_EQ(std::memcmp(bytes.data(), value.const_data_ptr(), bytes.size()), 0) << weight.name;
  }
}

TEST_F(EngineCheckpoint, a_step_saved_twice_and_leftovers_of_a_killed_run_are_no_obstacle) {
  EngineRun run({.micro_batch = 2});
  EXPECT_FALSE(has_engine_checkpoint(folder_));
  std::filesystem::create_directories(folder_ / "step-00000000.tmp");
  std::ofstream(folder_ / "step-00000000.tmp" / "model.safetensors") << "half";
  std::ofstream(folder_ / "latest.12.tmp") << "step";
  save_engine_checkpoint(folder_, as_saved(run));
  EXPECT_TRUE(has_engine_checkpoint(folder_));
  save_engine_checkpoint(folder_, as_saved(run));
  run.step();
  save_engine_checkpoint(folder_, as_saved(run));
  EXPECT_THAT(names(),
              UnorderedElementsAre("latest", "step-00000000", "step-00000000.1", "step-00000001"));
  EXPECT_EQ(checkpoint::read_latest_tag(folder_ / "latest"), "step-00000001");
}

TEST_F(EngineCheckpoint, a_full_disk_leaves_the_earlier_checkpoint_and_nothing_else) {
  EngineRun run({.micro_batch = 2});
  run.step();
  save_engine_checkpoint(folder_, as_saved(run));
  const auto saved = run.snapshot();
  run.step();
  // Nothing; the weights in part; all of them and the state in part.
  for (const rlim_t bytes : {0, 4096, 48 * 1024}) {
    const FileSizeLimit limit(bytes);
    EXPECT_THAT(error_of([&] { save_engine_checkpoint(folder_, as_saved(run)); }),
                AllOf(HasSubstr("step 2 was not saved, earlier checkpoints are as they were"),
                      HasSubstr("cannot write: File too large")));
    EXPECT_THAT(names(), UnorderedElementsAre("latest", "step-00000001"));
  }
  load_engine_checkpoint(folder_, as_saved(run));
  EXPECT_TRUE(same_bits(run.snapshot(), saved));
  EXPECT_EQ(run.engine.global_step(), 1U);
}

TEST_F(EngineCheckpoint, a_folder_that_is_not_there_is_named) {
  EngineRun run({.micro_batch = 2});
  const path none = folder_ / "none";
  EXPECT_THAT(error_of([&] { save_engine_checkpoint(none, as_saved(run)); }),
              HasSubstr("none/step-00000000.tmp: cannot create: No such file"));
  EXPECT_THAT(error_of([&] { load_engine_checkpoint(none, as_saved(run)); }),
              HasSubstr("none: there is no checkpoint to go on from"));
}

TEST_F(EngineCheckpoint, cut_damaged_and_missing_files_change_nothing) {
  EngineRun run({.micro_batch = 2});
  run.step();
  const path saved = save_engine_checkpoint(folder_, as_saved(run));
  run.step();
  for (const char* const name : {"model.safetensors", "state-0-of-1.safetensors"}) {
    const path file = saved / name;
    const path backup = folder_ / "backup";
    std::filesystem::copy_file(file, backup);
    const auto size = std::filesystem::file_size(file);
    for (const uintmax_t cut : {uintmax_t{0}, uintmax_t{5}, size / 2, size - 1}) {
      std::filesystem::resize_file(file, cut);
      EXPECT_THAT(load_error(run), HasSubstr(name)) << cut;
      std::filesystem::copy_file(backup, file, std::filesystem::copy_options::overwrite_existing);
    }
    change_byte(file, static_cast<int64_t>(size) - 7);
    EXPECT_THAT(load_error(run), HasSubstr("damaged: its checksum does not hold"));
    std::filesystem::remove(file);
    EXPECT_THAT(load_error(run), HasSubstr(name));
    std::filesystem::rename(backup, file);
  }
  checkpoint::write_latest_tag(folder_ / "latest", "step-00000007");
  EXPECT_THAT(load_error(run), HasSubstr("step-00000007: it has no state-0-of-1.safetensors"));
  std::ofstream(folder_ / "latest") << "../elsewhere";
  EXPECT_THAT(load_error(run), HasSubstr("name of a folder beside it"));
}

TEST_F(EngineCheckpoint, what_does_not_agree_is_named) {
  EngineRun run({.micro_batch = 2});
  save_engine_checkpoint(folder_, as_saved(run, {{"data", "a1"}}));
  EXPECT_THAT(load_error(run, {{"data", "b2"}}),
              HasSubstr("saved with data \"a1\", but this run has \"b2\": go on with"));
  EXPECT_THAT(load_error(run), HasSubstr("data \"a1\", but this run has none"));
  EXPECT_THAT(load_error(run, {{"data", "a1"}, {"seed", "2"}}), HasSubstr("saved with seed none"));
  EngineRun dropping({.micro_batch = 2}, {.dropout = 0.1});
  EXPECT_THAT(load_error(dropping, {{"data", "a1"}}),
              HasSubstr("attention_dropout \"0\", but this run has \"0.1\""));
  EngineRun narrow({.micro_batch = 2}, {.dtype = at::kBFloat16});
  EXPECT_THAT(load_error(narrow, {{"data", "a1"}}), HasSubstr("dtype \"Float\", but this run"));
  LossScaleConfig scale;
  EngineRun scaled({.micro_batch = 2, .loss_scale = scale});
  EXPECT_THAT(load_error(scaled, {{"data", "a1"}}), HasSubstr("with a loss scale cannot go on"));
}

TEST_F(EngineCheckpoint, files_of_other_contents_are_refused) {
  EngineRun run({.micro_batch = 2});
  const path state = save_engine_checkpoint(folder_, as_saved(run)) / "state-0-of-1.safetensors";
  const checkpoint::SafetensorsHeader header = checkpoint::SafetensorsFile(state).header();
  checkpoint::write_checksummed(state, {}, {{"format", "pt"}});
  EXPECT_THAT(load_error(run), HasSubstr("its metadata is not that of an engine checkpoint"));
  checkpoint::write_checksummed(state, {}, {{"engine_state", "[1"}, {"agreement", "{}"}});
  EXPECT_THAT(load_error(run), HasSubstr("its metadata is not that of an engine checkpoint"));
  checkpoint::write_checksummed(state, {}, header.metadata);
  EXPECT_THAT(load_error(run), HasSubstr("no tensor"));
  const std::vector<uint8_t> generator(7);
  checkpoint::write_checksummed(
      state, {{"generator", checkpoint::Dtype::kU8, {7}, checkpoint::bytes_of(generator)}},
      header.metadata);
  EXPECT_THAT(load_error(run), HasSubstr("no tensor"));
}

/// Two processes, of which this is one.
struct TwoProcesses : GradientReduction {
  void begin_last_backward() override {}
  void finish() override {}
  bool any(bool here) override { return here || --until_failure == 0; }
  double sum(double here) override { return here; }
  int rank() const override { return number; }
  int processes() const override { return 2; }
  int number = 0;
  int until_failure = 0;  ///< the call of any() at which the other one fails
};

TEST_F(EngineCheckpoint, every_process_has_a_file_of_its_own) {
  EngineRun run({.micro_batch = 2});
  TwoProcesses two;
  const path saved = save_engine_checkpoint(folder_, as_saved(run, {}, &two));
  EXPECT_TRUE(std::filesystem::exists(saved / "state-0-of-2.safetensors"));
  EXPECT_THAT(load_error(run), HasSubstr("no state-0-of-1.safetensors: go on with as many"));
  load_engine_checkpoint(folder_, as_saved(run, {}, &two));
}

TEST_F(EngineCheckpoint, is_saved_by_all_processes_or_by_none) {
  EngineRun run({.micro_batch = 2});
  for (const int failure : {1, 2}) {
    TwoProcesses two;
    two.until_failure = failure;
    EXPECT_THAT(error_of([&] { save_engine_checkpoint(folder_, as_saved(run, {}, &two)); }),
                HasSubstr("another process could not write its part"));
    EXPECT_FALSE(names().contains("step-00000000"));
    EXPECT_FALSE(names().contains("step-00000000.tmp"));
  }
}

}  // namespace
}  // namespace train
