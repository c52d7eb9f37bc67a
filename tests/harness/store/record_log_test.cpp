#include "harness/store/record_log.h"

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
using ::testing::HasSubstr;

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

TEST_F(RecordLogTest, a_changed_line_is_an_error) {
  write({record(4, 0), record(8, 0)});
  auto changed = text();
  changed.replace(changed.rfind("crashed"), 7, "skipped");
  overwrite(changed);
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:2: not a valid record: its checksum is"));
}

TEST_F(RecordLogTest, a_line_without_a_checksum_is_an_error) {
  overwrite(nlohmann::json(record(4, 0)).dump() + "\n");
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:1: not a valid record: it has no checksum"));
}

TEST_F(RecordLogTest, a_line_that_is_no_json_is_an_error) {
  write({record(4, 0)});
  overwrite(text() + "{\n");
  EXPECT_THAT(read_error(),
              HasSubstr("records.jsonl:2: not a valid record: 1:2: not JSON: syntax"));
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

TEST_F(RecordLogTest, another_schema_version_is_an_error) {
  nlohmann::json json = record(4, 0);
  json["schema_version"] = kSchemaVersion + 1;
  json["checksum"] = record_checksum(json);
  overwrite(json.dump() + "\n");
  EXPECT_THAT(read_error(), HasSubstr("schema_version"));
}

TEST_F(RecordLogTest, a_second_record_of_a_cell_and_round_is_an_error) {
  write({record(4, 0), record(4, 1), record(4, 0)});
  EXPECT_THAT(read_error(), HasSubstr("records.jsonl:3: not a valid record: it repeats the cell "
                                      "and round of line 1"));
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
