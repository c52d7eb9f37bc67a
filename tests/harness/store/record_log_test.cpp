#include "harness/store/record_log.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "harness/launch/launcher.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordLogTest : public ::testing::Test {
 protected:
  void write(const std::vector<Record>& records) {
    RecordLog log(file_);
    for (const auto& record : records) log.append(record);
  }
  std::string text() const {
    std::ifstream stream(file_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void overwrite(const std::string& text) { std::ofstream(file_) << text; }
  std::string read_error() const {
    try {
      read_records(file_);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  }

  /// What can be done about a line that was changed.
  std::string remedy() const {
    return "; put back an unchanged copy of the file, or take the line out and measure its round "
           "again with --resume " +
           directory_.path().string();
  }

  static Record record(int64_t micro_batch, int64_t round) {
    return record_without_worker(stubs::make_cell("fused", micro_batch), round, Status::kCrashed,
                                 "why ♥");
  }

  stubs::TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "records.jsonl";
};

TEST_F(RecordLogTest, reads_back_what_was_appended) {
  const std::vector<Record> records = {record(4, 0), record(4, 1), record(8, 0)};
  write(records);
  const auto stored = read_records(file_);
  EXPECT_EQ(stored.records, records);
  EXPECT_EQ(stored.warning, "");
}

TEST_F(RecordLogTest, is_one_line_a_record_with_its_checksum) {
  write({record(4, 0), record(8, 0)});
  const auto written = text();
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2);
  const auto first = nlohmann::json::parse(written.substr(0, written.find('\n')));
  EXPECT_EQ(first.at("checksum").get<std::string>().size(), 16u);
}

TEST_F(RecordLogTest, is_on_the_disk_after_every_append) {
  RecordLog log(file_);
  log.append(record(4, 0));
  EXPECT_EQ(read_records(file_).records.size(), 1u);
  log.append(record(4, 1));
  EXPECT_EQ(read_records(file_).records.size(), 2u);
}

TEST_F(RecordLogTest, an_empty_log_is_a_run_that_measured_nothing) {
  write({});
  EXPECT_TRUE(read_records(file_).records.empty());
}

TEST_F(RecordLogTest, a_cut_last_line_is_left_out_and_said) {
  write({record(4, 0), record(8, 0)});
  auto cut = text();
  cut.resize(cut.size() - 10);
  overwrite(cut);
  const auto stored = read_records(file_);
  EXPECT_EQ(stored.records, std::vector<Record>({record(4, 0)}));
  EXPECT_THAT(stored.warning, HasSubstr("records.jsonl:2: the last line is cut off"));
}

TEST_F(RecordLogTest, a_line_that_says_the_same_in_other_words_is_the_record) {
  write({record(4, 0)});
  auto line = nlohmann::json::parse(text());
  overwrite(line.dump(-1, ' ', true) + "\n");  // the heart as \u2665
  EXPECT_EQ(read_records(file_).records, std::vector<Record>({record(4, 0)}));
  auto spaced = text();
  spaced.insert(spaced.find(':') + 1, "  ");
  overwrite(spaced);
  EXPECT_EQ(read_records(file_).records, std::vector<Record>({record(4, 0)}));
}

TEST_F(RecordLogTest, what_only_looks_like_the_checksum_is_a_part_of_the_record) {
  auto nested = record(4, 0);
  nested.build = {{"checksum", "0123456789abcdef"}, {"compiler", "x"}};
  nested.repro = R"("checksum":"0123456789abcdef",)";
  write({nested});
  EXPECT_EQ(read_records(file_).records, std::vector<Record>({nested}));
  auto changed = text();
  changed.replace(changed.find("0123456789abcdef"), 1, "f");
  overwrite(changed);
  EXPECT_THAT(read_error(), HasSubstr("its checksum is"));
}

TEST_F(RecordLogTest, a_key_twice_is_an_error_whatever_the_checksum_says) {
  write({record(4, 0)});
  auto line = text();
  line.insert(line.rfind('}'), R"(,"round":0)");
  overwrite(line);
  EXPECT_THAT(read_error(),
              AllOf(HasSubstr("/round: the key is given twice; put back"), EndsWith(remedy())));
}

TEST_F(RecordLogTest, a_changed_line_is_an_error) {
  write({record(4, 0), record(8, 0)});
  auto changed = text();
  changed.replace(changed.rfind("crashed"), 7, "skipped");
  overwrite(changed);
  EXPECT_THAT(read_error(), AllOf(HasSubstr("records.jsonl:2: not a valid record: its checksum is"),
                                  EndsWith(remedy())));
}

TEST_F(RecordLogTest, a_line_without_a_checksum_is_an_error) {
  overwrite(nlohmann::json(record(4, 0)).dump() + "\n");
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:1: not a valid record: it has no checksum"));
}

TEST_F(RecordLogTest, a_line_that_is_no_json_is_an_error) {
  write({record(4, 0)});
  overwrite(text() + "{\n");
  EXPECT_THAT(read_error(),
              AllOf(HasSubstr("records.jsonl:2: not a valid record: not JSON: syntax error"),
                    Not(HasSubstr("correct it")), EndsWith(remedy())));
}

TEST_F(RecordLogTest, a_line_that_is_nested_too_deep_is_an_error) {
  write({record(4, 0)});
  overwrite(text() + std::string(100000, '[') + std::string(100000, ']') + "\n");
  EXPECT_THAT(read_error(), AllOf(HasSubstr("records.jsonl:2: not a valid record: "),
                                  HasSubstr("nested too deep: more than 64 levels")));
  // Whole JSON of as many levels as are allowed is refused for what it lacks.
  overwrite(std::string(60, '[') + std::string(60, ']') + "\n");
  EXPECT_THAT(read_error(), HasSubstr("it has no checksum"));
}

TEST_F(RecordLogTest, another_schema_version_is_an_error_whatever_else_it_has) {
  nlohmann::json json = record(4, 0);
  json["schema_version"] = kSchemaVersion + 1;
  json["key_of_tomorrow"] = 1;
  json["checksum"] = record_checksum(json);
  overwrite(json.dump() + "\n");
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:1: not a valid record: /schema_version: 2 is "
                                      "not supported, expected 1; use the bench_sweep that wrote "
                                      "the record"));
  EXPECT_THAT(read_error(), Not(HasSubstr("put back")));
}

TEST_F(RecordLogTest, samples_that_are_no_times_are_an_error) {
  nlohmann::json json = record(4, 0);
  json["samples"] = {0.5, -0.25};
  json["tokens"] = {1, 1};
  json["checksum"] = record_checksum(json);
  overwrite(json.dump() + "\n");
  EXPECT_THAT(read_error(), HasSubstr("/samples/1: must not be negative; the worker's clock went "
                                      "backwards"));
  for (const char* const number : {"NaN", "Infinity", "1e999"}) {
    auto line = json.dump();
    overwrite(line.replace(line.find("-0.25"), 5, number) + "\n");
    EXPECT_THAT(read_error(), HasSubstr("records.jsonl:1: not a valid record: ")) << number;
  }
}

TEST_F(RecordLogTest, a_second_record_of_a_cell_and_round_is_an_error) {
  write({record(4, 0), record(4, 1), record(4, 0)});
  EXPECT_THAT(read_error(), EndsWith("records.jsonl:3: not a valid record: it repeats the cell and "
                                     "round of line 1; take one of the two lines out"));
}

TEST_F(RecordLogTest, a_last_line_of_which_the_disk_has_a_part_is_left_out) {
  write({record(4, 0), record(8, 0)});
  auto torn = text();
  const auto last = torn.find('\n') + 1;
  std::fill(torn.begin() + static_cast<int64_t>(last), torn.end() - 100, '\0');
  overwrite(torn);  // a block of the file was never written, the next one with the newline was
  const auto stored = read_records(file_);
  EXPECT_EQ(stored.records.size(), 1u);
  EXPECT_EQ(stored.whole_bytes, static_cast<int64_t>(last));
  EXPECT_THAT(stored.warning, HasSubstr("records.jsonl:2: the last line is cut off"));
  overwrite(torn + torn.substr(0, last));  // in the middle it is damage
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:2: not a valid record"));
}

TEST_F(RecordLogTest, what_is_no_file_cannot_be_read) {
  std::filesystem::create_directory(file_);
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl: it is a directory; name a run"));
  try {
    RecordLog log(file_, RecordLog::Mode::kResume);
    FAIL() << "a directory was opened";
  } catch (const HarnessError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("cannot open " + file_.string() + " to go on with it"),
                      EndsWith("; make it writable, or resume a copy of its directory")));
  }
  std::filesystem::remove(file_);
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl: No such file or directory; check the path"));
}

TEST_F(RecordLogTest, goes_on_after_the_records_that_are_there) {
  write({record(4, 0)});
  {
    RecordLog log(file_, RecordLog::Mode::kResume);
    EXPECT_EQ(log.stored().records, std::vector<Record>({record(4, 0)}));
    EXPECT_EQ(log.stored().warning, "");
    log.append(record(4, 1));
  }
  EXPECT_EQ(read_records(file_).records, std::vector<Record>({record(4, 0), record(4, 1)}));
}

TEST_F(RecordLogTest, begins_where_there_is_no_file_to_go_on_with) {
  RecordLog log(file_, RecordLog::Mode::kResume);
  log.append(record(4, 0));
  EXPECT_EQ(read_records(file_).records.size(), 1u);
}

TEST_F(RecordLogTest, takes_a_cut_line_out_wherever_it_was_cut) {
  write({record(4, 0), record(8, 0)});
  const auto whole = text();
  const auto first = whole.find('\n') + 1;
  for (const auto size : {first, first + 1, (first + whole.size()) / 2, whole.size() - 1}) {
    overwrite(whole.substr(0, size));
    {
      RecordLog log(file_, RecordLog::Mode::kResume);
      EXPECT_EQ(log.stored().warning.empty(), size == first);
      log.append(record(8, 0));
    }
    EXPECT_EQ(text(), whole) << size;
  }
}

TEST_F(RecordLogTest, goes_on_with_nothing_that_is_damaged) {
  write({record(4, 0), record(8, 0)});
  auto damaged = text();
  damaged.replace(damaged.find("crashed"), 7, "skipped");
  damaged.resize(damaged.size() - 1);
  overwrite(damaged);
  EXPECT_THROW(RecordLog(file_, RecordLog::Mode::kResume), UsageError);
  EXPECT_EQ(text(), damaged);
}

TEST_F(RecordLogTest, is_open_in_one_place_at_a_time) {
  {
    const RecordLog log(file_);
    EXPECT_THROW(RecordLog(file_, RecordLog::Mode::kResume), UsageError);
  }
  EXPECT_NO_THROW(RecordLog(file_, RecordLog::Mode::kResume));
}

TEST_F(RecordLogTest, never_writes_into_an_existing_file) {
  write({record(4, 0)});
  EXPECT_THROW(RecordLog{file_}, HarnessError);
}

TEST_F(RecordLogTest, says_when_the_disk_refuses) {
  std::filesystem::create_symlink("/dev/full", file_);
  EXPECT_THROW(write({record(4, 0)}), HarnessError);
}

}  // namespace
}  // namespace harness
