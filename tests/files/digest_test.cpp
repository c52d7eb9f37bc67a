#include "files/digest.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "files/file_error.h"

namespace files {
namespace {

// As `xxhsum -H2` of xxHash 0.8.1 prints them.
TEST(Digest, is_xxh3_of_128_bits) {
  EXPECT_EQ(digest(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(digest("bench_sweep"), "d0c7f3b6a5e4f8ae350547c98ac6aee7");
}

TEST(Digest, of_a_file_is_that_of_its_bytes_however_many) {
  const std::filesystem::path file = ::testing::TempDir() + "bench_digest_test";
  std::ofstream(file) << std::string(3'000'000, '\0');
  EXPECT_EQ(file_digest(file), "c0b66d2c29af5d09a16251685b6b78c4");
  std::ofstream(file, std::ios::trunc).flush();
  EXPECT_EQ(file_digest(file), digest(""));
  std::filesystem::remove(file);
}

TEST(Digest, of_what_cannot_be_read_is_an_error) {
  EXPECT_THROW(file_digest("/nowhere/file"), FileError);
  EXPECT_THROW(file_digest("/"), FileError);
}

}  // namespace
}  // namespace files
