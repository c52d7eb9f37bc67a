#include "reports/html/cell_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/run_tables.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

using namespace harness;
using testing::Each;
using testing::Ne;

class Numbers : public testing::Test {
 protected:
  const Table& table(const std::string& file) const {
    for (const RunTable& run_table : tables_) {
      if (run_table.file == file) return run_table.table;
    }
    throw std::logic_error("no table " + file);
  }

  const SampleRun run_ = two_optimizers_run();
  const RunAnalysis analysis_ = analyze_run(run_.info, run_.records, flag_catalog());
  const std::vector<RunTable> tables_ = run_tables(run_.info, analysis_);
  const CellNumbers numbers_{analysis_};
};

TEST_F(Numbers, are_those_of_the_rows_of_memory_csv) {
  const auto rows = numbers_.of_rows(table("memory.csv"));
  ASSERT_EQ(rows.size(), 14U);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], i);
}

TEST_F(Numbers, of_a_comparison_are_the_candidates) {
  const Table& speedups = table("speedup.csv");
  const auto rows = numbers_.of_rows(speedups);
  const auto& memory = table("memory.csv").rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_TRUE(rows[i]);
    const auto field = [&](const char* name) { return speedups.rows()[i][speedups.column(name)]; };
    EXPECT_EQ(memory[*rows[i]][table("memory.csv").column("implementation")], field("candidate"));
    EXPECT_EQ(memory[*rows[i]][table("memory.csv").column("flags")], field("candidate_flags"));
    EXPECT_EQ(memory[*rows[i]][table("memory.csv").column("optimizer")], field("optimizer"));
  }
  EXPECT_THAT(numbers_.of_rows(table("optimizers.csv")), Each(Ne(std::nullopt)));
}

TEST_F(Numbers, of_a_record_are_its_cells) {
  EXPECT_EQ(numbers_.of(run_.records.front().cell), 0U);
  EXPECT_THROW(numbers_.of(make_cell("fused", 99)), std::out_of_range);
}

TEST_F(Numbers, are_none_where_rows_are_about_no_one_cell) {
  Table ranges({"implementation", "micro_batch_from"});
  ranges.add_row({"fused", "8"});
  EXPECT_THAT(numbers_.of_rows(ranges), testing::ElementsAre(std::nullopt));
}

}  // namespace
}  // namespace reports
