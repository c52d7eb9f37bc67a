#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/analysis/cell_summary.h"
#include "reports/reports.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"
#include "tests/stubs/stub_worker.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The names in the first column of the table in docs/run_directory.md's section about `file`.
Names described(const std::string& file) {
  const std::string page = read_file(fs::path(BENCH_SOURCE_DIR) / "docs/run_directory.md");
  const std::string heading = "\n## `" + file + "`\n";
  const auto begin = page.find(heading);
  if (begin == std::string::npos) return {};
  std::istringstream section(
      page.substr(begin + 1, page.find("\n## ", begin + heading.size()) - begin - 1));
  Names names;
  for (std::string line; std::getline(section, line);) {
    if (!line.starts_with("| `")) continue;
    std::istringstream cell(line.substr(0, line.find('|', 1)));
    for (std::string outside, name;
         std::getline(cell, outside, '`') && std::getline(cell, name, '`');) {
      names.insert(name);
    }
  }
  return names;
}

/// The columns of a CSV file but for those of the axes.
Names columns(const fs::path& file, const std::vector<std::string>& axes) {
  const std::string text = read_file(file);
  std::istringstream header(text.substr(0, text.find('\r')));
  Names names;
  for (std::string column; std::getline(header, column, ',');) names.insert(column);
  for (const std::string& axis : axes) names.erase(axis);
  return names;
}

Names keys(const nlohmann::json& json) {
  Names names;
  for (const auto& [key, value] : json.items()) names.insert(key);
  return names;
}

/// With everything that makes a run write all of its files.
SampleRun full_run() {
  SampleRun run = two_optimizers_run();
  run.info.traces = {{run.records.front().cell, "trace/a.json", "died", std::nullopt}};
  return run;
}

TEST(RunDirectoryPage, describes_every_column_of_every_table_and_no_other) {
  const SampleRun run = full_run();
  const stubs::TemporaryDirectory directory;
  write_reports(directory.path(), run.info, run.records, harness::flag_catalog());
  int tables = 0;
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    if (entry.path().extension() != ".csv") continue;
    const std::string name = entry.path().filename();
    EXPECT_EQ(described(name), columns(entry.path(), harness::group_axes(run.info))) << name;
    ++tables;
  }
  EXPECT_EQ(tables, 6);
}

TEST(RunDirectoryPage, describes_every_key_of_the_records_and_of_run_json) {
  const SampleRun run = full_run();
  Names of_records = keys(run.records.front());
  of_records.insert("checksum");  // added by the store
  EXPECT_EQ(described("records.jsonl"), of_records);
  EXPECT_EQ(described("run.json"), keys(run.info));
}

}  // namespace
}  // namespace reports
