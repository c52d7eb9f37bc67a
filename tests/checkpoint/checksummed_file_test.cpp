#include "checkpoint/checksummed_file.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace checkpoint {
namespace {

using testing::HasSubstr;

class ChecksummedFile : public testing::Test {
 protected:
  void SetUp() override {
    write_checksummed(
        file_,
        {{"b", Dtype::kU8, {3}, bytes_of(bytes_)}, {"f", Dtype::kF32, {2}, bytes_of(floats_)}},
        {{"step", "12"}});
    std::ifstream stream(file_, std::ios::binary);
    content_.assign(std::istreambuf_iterator<char>(stream), {});
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::string error_with(const std::string& content) const {
    std::ofstream(file_, std::ios::binary) << content;
    try {
      open_checksummed(file_);
    } catch (const CheckpointError& error) {
      return error.what();
    }
    return "no error";
  }

  const std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("checksummed_") + testing::UnitTest::GetInstance()->current_test_info()->name() +
       ".safetensors");
  const std::vector<uint8_t> bytes_ = {1, 2, 3};
  const std::vector<float> floats_ = {1.5F, -2.0F};
  std::string content_;
};

TEST_F(ChecksummedFile, reads_back_what_was_written) {
  const SafetensorsFile file = open_checksummed(file_);
  EXPECT_EQ(file.header().metadata.at("step"), "12");
  EXPECT_EQ(file.bytes(file.header().at("b"))[2], std::byte{3});
}

TEST_F(ChecksummedFile, another_byte_anywhere_is_an_error) {
  for (size_t i = 0; i < content_.size(); ++i) {
    std::string changed = content_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_NE(error_with(changed), "no error") << i << " of " << content_;
  }
  std::string changed = content_;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_THAT(error_with(changed), HasSubstr("damaged: its checksum does not hold"));
}

TEST_F(ChecksummedFile, a_file_cut_anywhere_is_an_error) {
  for (size_t size = 0; size < content_.size(); ++size) {
    EXPECT_NE(error_with(content_.substr(0, size)), "no error") << size;
  }
}

TEST_F(ChecksummedFile, a_file_without_a_checksum_is_an_error) {
  write_safetensors(file_, {{"b", Dtype::kU8, {3}, bytes_of(bytes_)}});
  EXPECT_THROW(open_checksummed(file_), CheckpointError);
}

}  // namespace
}  // namespace checkpoint
