#include "checkpoint/tensorflow/bundle_file.h"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/tensor_expectations.h"
#include "tests/checkpoint/tensorflow/table_bytes.h"

namespace checkpoint::tensorflow {
namespace {

using pickle::as_bytes;
using pickle::little_endian;
using testing::HasSubstr;

void write(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// A protocol buffer's field of a number, and of bytes.
std::string field(int id, uint64_t number) {
  return varint(static_cast<uint64_t>(id) << 3) + varint(number);
}
std::string field(int id, const std::string& bytes) {
  return varint((static_cast<uint64_t>(id) << 3) | 2) + varint(bytes.size()) + bytes;
}
std::string crc_field(const std::string& bytes) {
  return varint((6U << 3) | 5) + little_endian(masked_crc(crc32c(as_bytes(bytes))), 4);
}

const std::string kEight = "\1\2\3\4\5\6\7\10";

/// float32 [2] at the beginning of the only data file.
std::string two_floats() {
  return field(1, 1) + field(2, field(2, field(1, 2))) + field(5, 8) + crc_field(kEight);
}

class Bundle : public testing::Test {
 protected:
  /// The message that a bundle of `header` and tensor "w" ends with when it is opened and read.
  std::string error_of(const std::string& header, const std::string& entry,
                       const std::string& data = kEight, const std::string& name = "w") {
    write(prefix_ + ".index", table(block({{"", header}, {name, entry}})));
    write(prefix_ + ".data-00000-of-00001", data);
    try {
      const auto file = open_bundle(prefix_);
      for (size_t i = 0; i < file->tensors().size(); ++i) file->read(i);
    } catch (const CheckpointError& error) {
      return error.what();
    }
    return "no error";
  }

  void TearDown() override {
    std::filesystem::remove(prefix_ + ".index");
    std::filesystem::remove(prefix_ + ".data-00000-of-00001");
  }

  const std::string header_ = field(1, 1);
  const std::string prefix_ = testing::TempDir() + "bundle_" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(Bundle, a_real_bert_checkpoint_holds_the_expected_tensors) {
  const auto file = open_bundle(data_folder() + "/tensorflow/bert_model.ckpt");
  EXPECT_EQ(file->format(), "TensorFlow bundle");
  expect_tensors(*file, read_expectations("tensorflow/bert_model.json").at("tensors"));
}

TEST_F(Bundle, tensors_of_other_dtypes_and_offsets_are_read) {
  const auto file = open_bundle(data_folder() + "/tensorflow/bundle_checkpoint");
  ASSERT_EQ(file->tensors().size(), 2U);
  const auto indices = file->find("some_scope/indices");
  ASSERT_TRUE(indices);
  EXPECT_EQ(file->tensors()[*indices].dtype, Dtype::kI64);
  EXPECT_EQ(file->tensors()[*indices].shape, (std::vector<int64_t>{5}));
  EXPECT_EQ(file->read(*indices).size(), 40U);
  EXPECT_EQ(file->read(*file->find("some_scope/embeddings")).size(), 320U);
}

TEST_F(Bundle, a_damaged_tensor_is_named_when_it_is_read) {
  EXPECT_EQ(error_of(header_, two_floats()), "no error");
  EXPECT_THAT(error_of(header_, two_floats(), "\1\2\3\4\5\6\7\7"),
              HasSubstr("tensor \"w\" are damaged"));
}

TEST_F(Bundle, descriptions_that_lie_are_refused) {
  EXPECT_THAT(error_of(header_, two_floats(), "\1\2\3"), HasSubstr("reaches out of data file 0"));
  EXPECT_THAT(error_of(header_, two_floats() + field(4, ~uint64_t{0})), HasSubstr("reaches out"));
  EXPECT_THAT(error_of(header_, two_floats() + field(5, 9)), HasSubstr("9 bytes"));
  EXPECT_THAT(error_of(header_, two_floats() + field(3, 1)), HasSubstr("data file 1 of 1"));
  const std::string huge =
      field(2, field(2, field(1, uint64_t{1} << 62)) + field(2, field(1, uint64_t{1} << 62)));
  EXPECT_THAT(error_of(header_, two_floats() + huge), HasSubstr("8 bytes, which is not"));
  const std::string negative = field(2, field(2, field(1, ~uint64_t{0})));
  EXPECT_THAT(error_of(header_, two_floats() + negative), HasSubstr("impossible shape"));
  EXPECT_THAT(error_of(header_, two_floats() + "\x0b"), HasSubstr("damaged description"));
  EXPECT_THAT(error_of(header_, two_floats() + "\x12\x7f"), HasSubstr("truncated"));
}

TEST_F(Bundle, what_is_not_read_says_why) {
  EXPECT_THAT(error_of(field(1, 5000), two_floats()), HasSubstr("5000 data files"));
  EXPECT_THAT(error_of(field(1, 2), two_floats()), HasSubstr(".data-00000-of-00002: cannot read"));
  EXPECT_THAT(error_of(header_ + field(2, 1), two_floats()), HasSubstr("big-endian"));
  EXPECT_THAT(error_of(header_, two_floats() + field(7, "")), HasSubstr("partitioned"));
  EXPECT_THAT(error_of(header_, two_floats(), kEight, "_CHECKPOINTABLE_OBJECT_GRAPH"),
              HasSubstr("object-based"));
  EXPECT_EQ(error_of(header_, field(1, 7)), "no error");  // strings are passed over
}

}  // namespace
}  // namespace checkpoint::tensorflow
