#include "kernels/core/column_sums.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>
#include <omp.h>

namespace kernels {
namespace {

/// sum_columns with two outputs over rows * columns: column c of row r adds r + c and 1.
std::array<std::vector<float>, 2> sums(int64_t rows, int64_t columns, bool stochastic) {
  const auto width = static_cast<size_t>(columns);
  std::array<std::vector<float>, 2> outputs = {std::vector<float>(width, -1),
                                               std::vector<float>(width, -1)};
  std::vector<float> partials(static_cast<size_t>(column_partials_size(columns, 2)), -1);
  sum_columns<float, 2>({outputs[0].data(), outputs[1].data()}, rows, columns, partials.data(),
                        stochastic, [&](RowBlock block) {
                          for (int64_t row = block.begin; row < block.end; ++row) {
                            for (int64_t c = 0; c < columns; ++c) {
                              block.partial[c] += static_cast<float>(row + c);
                              block.partial[columns + c] += 1;
                            }
                          }
                        });
  return outputs;
}

TEST(ColumnSums, add_every_row_once) {
  const int threads = omp_get_max_threads();
  for (const int team : {1, 2, 3, 20}) {
    omp_set_num_threads(team);
    for (const bool stochastic : {false, true}) {
      for (const int64_t rows : {0, 1, 15, 16, 17, 1000}) {
        const auto outputs = sums(rows, 37, stochastic);
        for (int64_t c = 0; c < 37; ++c) {
          const auto i = static_cast<size_t>(c);
          ASSERT_EQ(outputs[0][i], static_cast<float>(rows * (rows - 1) / 2 + rows * c));
          ASSERT_EQ(outputs[1][i], static_cast<float>(rows));
        }
      }
    }
  }
  omp_set_num_threads(threads);
}

TEST(ParallelFor, visits_every_item_once_and_runs_inline_when_nested) {
  const int threads = omp_get_max_threads();
  omp_set_num_threads(3);
  std::vector<std::atomic<int>> visits(1001);
  std::atomic<bool> nested_inline = true;
  parallel_for(1001, kElementsPerThread, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
    parallel_for(5, kElementsPerThread, [&](int64_t inner_begin, int64_t inner_end) {
      if (inner_begin != 0 || inner_end != 5) nested_inline = false;
    });
  });
  for (const std::atomic<int>& count : visits) ASSERT_EQ(count, 1);
  EXPECT_TRUE(nested_inline);
  omp_set_num_threads(threads);
}

TEST(ParallelFor, keeps_small_work_on_one_thread) {
  int calls = 0;
  parallel_for(100, 10, [&](int64_t begin, int64_t end) {
    ++calls;
    EXPECT_EQ(begin, 0);
    EXPECT_EQ(end, 100);
  });
  EXPECT_EQ(calls, 1);
  parallel_for(0, 10, [&](int64_t, int64_t) { ++calls; });
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace kernels
