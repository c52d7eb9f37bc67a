#include "worker/cell_data.h"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "model/window_file.h"
#include "tests/stubs/stub_worker.h"
#include "tests/worker/test_cells.h"
#include "worker/measure/measure_cell.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing::ThrowsMessage;

namespace fs = std::filesystem;

/// Questions and a vocabulary in a folder of the test's, with the user's cache beside them.
class CellDataTest : public testing::Test {
 protected:
  CellDataTest() {
    ::setenv("XDG_CACHE_HOME", (folder_.path() / "cache").c_str(), 1);
    write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nwho\nword\n");
    write("q.json", questions("{\"text\": \"word\", \"answer_start\": 5}"));
  }
  ~CellDataTest() override { ::unsetenv("XDG_CACHE_HOME"); }

  /// One question to a paragraph of 100 words, with these answers.
  static std::string questions(const std::string& answers) {
    std::string words;
    for (int i = 0; i < 100; ++i) words += "word ";
    return R"({"data": [{"paragraphs": [{"context": ")" + words +
           R"(", "qas": [{"id": "1", "question": "who", "answers": [)" + answers + "]}]}]}]}";
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name) << text;
  }
  harness::Cell cell() const {
    harness::Cell cell = small_cell("fused");
    cell.data = {"squad", (folder_.path() / "q.json").string(),
                 harness::QuestionOptions{.vocabulary = (folder_.path() / "vocab.txt").string(),
                                          .doc_stride = 16}};
    return cell;
  }
  std::vector<fs::path> cached() const {
    std::vector<fs::path> files;
    const fs::path cache = folder_.path() / "cache/bench_sweep/windows";
    if (!fs::exists(cache)) return files;
    for (const auto& entry : fs::directory_iterator(cache)) files.push_back(entry.path());
    return files;
  }

  stubs::TemporaryDirectory folder_;
};

TEST_F(CellDataTest, prepared_windows_are_read_once_for_all_cells) {
  const CellData data;
  harness::Cell cell = small_cell("fused");
  const auto windows = data.windows(cell);
  EXPECT_EQ(*windows, model::read_window_file(test_windows()));
  cell.sequence_length = 8;
  cell.implementation = "pytorch_eager";
  EXPECT_EQ(data.windows(cell), windows);
}

TEST_F(CellDataTest, questions_become_windows_of_the_cells_sequence_length) {
  const CellData data;
  harness::Cell longer = cell();
  const auto windows = data.windows(longer);
  // 60 of the paragraph's tokens beside [CLS] who [SEP] [SEP]: they begin at 0, 16, 32 and 48.
  ASSERT_THAT(*windows, SizeIs(4));
  EXPECT_THAT(windows->front().input_ids, SizeIs(64));
  EXPECT_EQ(windows->front().start_position, 4);
  longer.sequence_length = 32;
  EXPECT_THAT(data.windows(longer)->front().input_ids, SizeIs(32));
  EXPECT_EQ(data.windows(cell()), windows);
}

TEST_F(CellDataTest, windows_wait_in_the_users_cache_for_the_next_process) {
  const auto made = *CellData().windows(cell());
  ASSERT_THAT(cached(), SizeIs(1));
  const auto time = fs::last_write_time(cached().front());
  EXPECT_EQ(*CellData().windows(cell()), made);
  EXPECT_EQ(fs::last_write_time(cached().front()), time);
}

TEST_F(CellDataTest, a_cell_on_questions_is_measured_as_it_was_planned) {
  harness::Cell packed = cell();
  packed.flags = {"remove_padding"};
  packed.measure.steps = 4;
  const auto plan = plan_cell(packed, apps::registry());
  const auto record = measure_cell({packed, 0, ""}, apps::registry());
  ASSERT_EQ(record.status, harness::Status::kPassed) << record.reason;
  EXPECT_EQ(plan.footprint->peak_bytes, record.memory.measured->peak_bytes);
  EXPECT_THAT(record.tokens, SizeIs(4));
}

TEST_F(CellDataTest, what_cannot_be_used_is_named_in_one_line) {
  const auto expect = [&](const char* file, const char* what) {
    const auto reply = reply_to_plan_request({cell()}, apps::registry());
    EXPECT_TRUE(reply.plans.empty());
    EXPECT_THAT(reply.data_error,
                AllOf(HasSubstr((folder_.path() / file).string()), HasSubstr(what)));
    EXPECT_EQ(reply.data_error.find('\n'), std::string::npos) << reply.data_error;
  };
  write("q.json", "{\"data\": [");
  expect("q.json", "q.json:1:");
  write("q.json", questions(""));
  expect("q.json", "answers");
  write("q.json", questions(R"({"text": "word", "answer_start": 0},
                               {"text": "word", "answer_start": 5})"));
  expect("q.json", "answers");
  write("q.json", questions(R"({"text": "no word", "answer_start": 0})"));
  expect("q.json", "");
  write("q.json", questions(R"({"text": "word", "answer_start": 0})"));
  write("vocab.txt", "[PAD]\n[UNK]\n[SEP]\nwho\nword\n");
  expect("vocab.txt", "[CLS]");
  fs::remove(folder_.path() / "vocab.txt");
  expect("vocab.txt", "");
}

TEST_F(CellDataTest, windows_shorter_than_a_question_are_refused) {
  harness::Cell short_cell = cell();
  short_cell.sequence_length = 5;
  EXPECT_THAT(CellData().windows(short_cell)->front().input_ids, SizeIs(5));
  short_cell.sequence_length = 4;
  EXPECT_THAT([&] { CellData().windows(short_cell); },
              ThrowsMessage<DataError>(HasSubstr("leaves no room for its paragraph")));
}

TEST_F(CellDataTest, a_cache_that_cannot_be_written_is_named) {
  write("file", "x");
  ::setenv("XDG_CACHE_HOME", (folder_.path() / "file").c_str(), 1);
  EXPECT_THAT([&] { CellData().windows(cell()); },
              ThrowsMessage<DataError>(HasSubstr("file/bench_sweep/windows: cannot create")));
}

}  // namespace
}  // namespace worker
