#include "checkpoint/safetensors_writer.h"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/file_size_limit.h"

namespace checkpoint {
namespace {

using testing::HasSubstr;

class SafetensorsWriter : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("safetensors_writer_") +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "x.safetensors";
  }
  std::size_t files_in_folder() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::string error_of(const std::vector<TensorView>& tensors) const {
    try {
      write_safetensors(file_, tensors);
    } catch (const SafetensorsError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
  const std::vector<uint8_t> bytes_ = {1, 2, 3};
  const std::vector<int64_t> longs_ = {-5, 1LL << 40};
  const std::vector<float> floats_ = {1.5F, -2.0F, 0.25F, 4.0F};
};

TEST_F(SafetensorsWriter, a_written_file_reads_back_with_every_tensor_aligned) {
  write_safetensors(file_,
                    {{"b", Dtype::kU8, {3}, bytes_of(bytes_)},
                     {"z", Dtype::kI64, {2}, bytes_of(longs_)},
                     {"f", Dtype::kF32, {2, 2}, bytes_of(floats_)},
                     {"empty", Dtype::kF32, {0, 7}, {}},
                     {"scalar", Dtype::kF32, {}, bytes_of(floats_).first(4)}},
                    {{"format", "pt"}});
  const SafetensorsFile read(file_);
  EXPECT_EQ(read.header().metadata.at("format"), "pt");
  ASSERT_EQ(read.header().tensors.size(), 5U);
  const TensorInfo& matrix = read.header().at("f");
  EXPECT_EQ(matrix.shape, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(std::memcmp(read.bytes(matrix).data(), floats_.data(), 16), 0);
  EXPECT_EQ(std::memcmp(read.bytes(read.header().at("z")).data(), longs_.data(), 16), 0);
  EXPECT_EQ(std::memcmp(read.bytes(read.header().at("b")).data(), bytes_.data(), 3), 0);
  EXPECT_EQ(read.header().at("scalar").elements(), 1);
  EXPECT_EQ(read.header().at("empty").bytes, 0U);
  for (const TensorInfo& tensor : read.header().tensors) {
    EXPECT_EQ(tensor.begin % static_cast<uint64_t>(element_size(tensor.dtype)), 0U) << tensor.name;
  }
  EXPECT_EQ(files_in_folder(), 1U);
}

// The bytes as the format's description has them, written out by hand.
TEST_F(SafetensorsWriter, the_bytes_are_those_of_the_format) {
  write_safetensors(file_, {{"b", Dtype::kU8, {3}, bytes_of(bytes_)}});
  const std::string header = R"({"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})";
  ASSERT_EQ(header.size(), 53U);
  EXPECT_EQ(content(file_), std::string("\x38\0\0\0\0\0\0\0", 8) + header + "   " + "\1\2\3");
}

TEST_F(SafetensorsWriter, tensors_that_do_not_fit_their_shape_or_share_a_name_are_refused) {
  EXPECT_THAT(error_of({{"b", Dtype::kU8, {4}, bytes_of(bytes_)}}),
              HasSubstr("tensor 'b' has 3 bytes, but its dtype and shape need 4"));
  EXPECT_THAT(error_of({{"b", Dtype::kU8, {-1}, {}}}), HasSubstr("impossible shape"));
  EXPECT_THAT(error_of({{"b", Dtype::kU8, {1LL << 62, 1LL << 62}, {}}}),
              HasSubstr("impossible shape"));
  EXPECT_THAT(error_of({{"b", Dtype::kU8, {0}, {}}, {"b", Dtype::kU8, {0}, {}}}),
              HasSubstr("given twice"));
  EXPECT_EQ(files_in_folder(), 0U);
}

TEST_F(SafetensorsWriter, a_folder_that_is_not_there_is_named) {
  file_ = folder_ / "none" / "x.safetensors";
  EXPECT_THAT(error_of({}), HasSubstr("none/x.safetensors: cannot write: No such file"));
}

TEST_F(SafetensorsWriter, where_the_disk_ends_the_old_file_stays_and_nothing_else) {
  write_safetensors(file_, {{"b", Dtype::kU8, {3}, bytes_of(bytes_)}});
  const std::string before = content(file_);
  const std::vector<float> large(5000);
  std::string error;
  {
    const files::FileSizeLimit limit(4096);
    error = error_of({{"f", Dtype::kF32, {5000}, bytes_of(large)}});
  }
  EXPECT_THAT(error, HasSubstr("x.safetensors: cannot write: File too large"));
  EXPECT_EQ(content(file_), before);
  EXPECT_EQ(files_in_folder(), 1U);
}

}  // namespace
}  // namespace checkpoint
