#include "harness/analysis/published.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

const std::string kHeader =
    "table,memory_limit_bytes,micro_batch,baseline_samples_per_second,"
    "candidate_samples_per_second,speedup,text\n";
const std::string kSource = "source,,,,,,\"A book, page 3\"\n";

class Published : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  PublishedTables read(const std::string& content) {
    std::ofstream(file_, std::ios::binary) << content;
    return read_published(file_);
  }

  /// What is wrong with `content`, without the file's name and the remedy; "" where nothing is.
  std::string error_of(const std::string& content) {
    try {
      read(content);
    } catch (const UsageError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(file_.string())) << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      const std::string remedy = "; correct it there, or give another file";
      EXPECT_TRUE(message.ends_with(remedy)) << message;
      return message.substr(file_.string().size(),
                            message.size() - remedy.size() - file_.string().size());
    }
    return "";
  }

  const std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("published_" + std::to_string(getpid()) + ".csv");
};

TEST_F(Published, reads_every_kind_of_line) {
  const PublishedTables tables = read("# a remark\n" + kHeader + kSource +
                                      "speedup,1024,4,36.34,50.76,1.4,\r\n"
                                      "\nspeedup,1024,6,out_of_memory,54.28,,\n"
                                      "requirement,1024,4,,,,gelu_checkpoint\n"
                                      "requirement,1024,6,,,,out_of_memory");
  EXPECT_EQ(tables.source, "A book, page 3");
  EXPECT_EQ(tables.speedups,
            (std::vector<PublishedSpeedup>{{1024, 4, 36.34, 50.76, 1.4},
                                           {1024, 6, std::nullopt, 54.28, std::nullopt}}));
  EXPECT_EQ(tables.requirements, (std::vector<PublishedRequirement>{{1024, 4, "gelu_checkpoint"},
                                                                    {1024, 6, "out_of_memory"}}));
}

TEST_F(Published, sweeps_carry_the_published_flags_of_both_sizes) {
  for (const char* name : {"deepspeed_v100_16g.csv", "deepspeed_v100_32g.csv"}) {
    const PublishedTables tables =
        read_published(std::filesystem::path(BENCH_SOURCE_DIR) / "sweeps/published" / name);
    const std::string all = "normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint";
    EXPECT_EQ(tables.requirements,
              (std::vector<PublishedRequirement>{
                  {16 * kGiB, 4, "normalize_invertible"},
                  {16 * kGiB, 6, all},
                  {16 * kGiB, 12, "out_of_memory"},
                  {16 * kGiB, 24, "out_of_memory"},
                  {32 * kGiB, 4, "none"},
                  {32 * kGiB, 6, "none"},
                  {32 * kGiB, 12, "normalize_invertible+attn_dropout_checkpoint"},
                  {32 * kGiB, 24, all}}));
  }
}

TEST_F(Published, malformed_files_are_one_line_with_the_place) {
  const std::string start = kHeader + kSource;
  EXPECT_EQ(error_of(""), ":0: Header missing");
  EXPECT_EQ(error_of("table,text\n"), ":1: Missing column \"memory_limit_bytes\" in header");
  EXPECT_EQ(error_of("\x01\xff\x7f,b\n"), ":1: Extra column \"???\" in header");
  EXPECT_EQ(error_of(kHeader), ":1: no 'source' line that says where it was published");
  EXPECT_EQ(error_of(start + "speedup,1,2\n"), ":3: Too few columns");
  EXPECT_EQ(error_of(start + "speedup,1,2,3,4,5,,7\n"), ":3: Too many columns");
  EXPECT_EQ(error_of(start + "source,,,,,,\"open\n"), ":3: Escaped string was not closed");
  EXPECT_EQ(error_of(start + "guess,1,2,3,4,5,\n"),
            ":3: table must be 'source', 'speedup' or 'requirement', not 'guess'");
}

TEST_F(Published, impossible_values_are_refused) {
  const std::string start = kHeader + kSource;
  const std::string limit = ":3: memory_limit_bytes must be a whole number above 0, not ";
  EXPECT_EQ(error_of(start + "speedup,0,4,1,1,1,\n"), limit + "'0'");
  EXPECT_EQ(error_of(start + "speedup,16 GiB,4,1,1,1,\n"), limit + "'16 GiB'");
  EXPECT_EQ(error_of(start + "speedup,99999999999999999999,4,1,1,1,\n"),
            limit + "'99999999999999999999'");
  EXPECT_EQ(error_of(start + "speedup,1,2.5,1,1,1,\n"),
            ":3: micro_batch must be a whole number above 0, not '2.5'");
  EXPECT_EQ(error_of(start + "requirement,1,-1,,,,none\n"),
            ":3: micro_batch must be a whole number, at least 0, not '-1'");
  const std::string rate =
      ":3: baseline_samples_per_second must be a number above 0 or 'out_of_memory', not ";
  for (const std::string bad : {"", "0", "-1", "nan", "inf", "OOM", "1e999", "1 2"}) {
    EXPECT_EQ(error_of(start + "speedup,1,4," + bad + ",1,1,\n"), rate + "'" + bad + "'");
  }
  EXPECT_EQ(error_of(start + "speedup,1,4,1,1,x,\n"),
            ":3: speedup must be a number above 0 or empty, not 'x'");
  EXPECT_EQ(error_of(start + "speedup,1,4,1,1,1,none\n"),
            ":3: text must be empty in a 'speedup' line, not 'none'");
  EXPECT_EQ(error_of(start + "requirement,1,4,1,,,none\n"),
            ":3: baseline_samples_per_second must be empty in a 'requirement' line, not '1'");
  EXPECT_EQ(error_of(start + "requirement,1,4,,,,\n"),
            ":3: text must name flags, 'none' or 'out_of_memory' in a 'requirement' line");
}

TEST_F(Published, a_line_given_twice_is_refused) {
  EXPECT_EQ(error_of(kHeader + kSource + kSource),
            ":3: a second 'source' line for the same memory limit and micro-batch");
  EXPECT_EQ(error_of(kHeader + kSource + "speedup,1,4,1,1,1,\nspeedup,1,4,2,2,1,\n"),
            ":4: a second 'speedup' line for the same memory limit and micro-batch");
}

TEST_F(Published, a_missing_file_is_named) {
  try {
    read_published("no/such.csv");
    FAIL() << "accepted";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(),
                 "no/such.csv: no such file; give the path of a CSV file of published tables");
  }
}

}  // namespace
}  // namespace harness
