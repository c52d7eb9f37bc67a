#include "files/text_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file_error.h"

namespace files {
namespace {

using testing::HasSubstr;

/// `xz` 5.4 of "one line\n".
constexpr unsigned char kPacked[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00,
    0x21, 0x01, 0x16, 0x00, 0x00, 0x00, 0x74, 0x2F, 0xE5, 0xA3, 0x01, 0x00, 0x08, 0x6F,
    0x6E, 0x65, 0x20, 0x6C, 0x69, 0x6E, 0x65, 0x0A, 0x00, 0x00, 0x00, 0x00, 0xD4, 0x96,
    0x71, 0x71, 0x76, 0x96, 0xD0, 0x3D, 0x00, 0x01, 0x21, 0x09, 0x6C, 0x18, 0xC5, 0xD5,
    0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A};

class TextFile : public testing::Test {
 protected:
  std::string error_of(const std::filesystem::path& file) {
    try {
      read_text_file(file);
    } catch (const FileError& error) {
      return error.what();
    }
    return "no error";
  }
  std::filesystem::path write(const std::string& content) {
    const std::filesystem::path file =
        std::filesystem::path(testing::TempDir()) /
        (std::string("text_file_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }
  const std::string packed_{reinterpret_cast<const char*>(kPacked), sizeof kPacked};
};

TEST_F(TextFile, packed_text_is_unpacked_whatever_the_file_is_called) {
  EXPECT_EQ(read_text_file(write(packed_)), "one line\n");
  EXPECT_EQ(read_text_file(write("one line\n")), "one line\n");
}

TEST_F(TextFile, a_packed_file_cut_anywhere_or_damaged_is_refused) {
  for (std::size_t size = 6; size < packed_.size(); ++size) {
    EXPECT_THAT(error_of(write(packed_.substr(0, size))), HasSubstr(".xz file")) << size;
  }
  std::string damaged = packed_;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_THAT(error_of(write(damaged)), HasSubstr(".xz file"));
}

TEST_F(TextFile, a_missing_file_or_a_folder_says_so) {
  EXPECT_THAT(error_of("/no/such/file"), HasSubstr("/no/such/file: no such file"));
  EXPECT_THAT(error_of(testing::TempDir()), HasSubstr("no such file"));
}

}  // namespace
}  // namespace files
