#include "kernels/core/memory_copy.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace kernels {
namespace {

TEST(MemoryCopy, half_of_the_bytes_are_read_and_half_written_up_to_a_cache_line) {
  EXPECT_EQ(MemoryCopy(1 << 20, 1).buffer_bytes(), 1 << 19);
  EXPECT_EQ(MemoryCopy(2 * 65, 1).buffer_bytes(), 128);
  EXPECT_EQ(MemoryCopy(0, 1).buffer_bytes(), 64);
}

TEST(MemoryCopy, every_byte_arrives_also_where_threads_do_not_divide_the_size) {
  for (const int threads : {0, 1, 2, 3}) {
    const MemoryCopy copy(2 * 64 * 1001, threads);
    copy.run();
    const uint8_t* const end = copy.source() + copy.buffer_bytes();
    EXPECT_NE(copy.source()[0], 0);
    EXPECT_TRUE(std::equal(copy.source(), end, copy.destination())) << threads << " threads";
    EXPECT_GT(copy.bytes_per_second(), 0);
  }
}

}  // namespace
}  // namespace kernels
