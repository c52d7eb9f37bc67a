#include "checkpoint/tensorflow/sorted_table.h"

#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/tensor_expectations.h"
#include "tests/checkpoint/tensorflow/table_bytes.h"

namespace checkpoint::tensorflow {
namespace {

using pickle::as_bytes;
using pickle::little_endian;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string error_of(const std::string& bytes, const TableLimits& limits = {}) {
  try {
    read_sorted_table(as_bytes(bytes), "x.index", limits);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Crc32c, known_values) {
  // RFC 3720, B.4
  EXPECT_EQ(crc32c(as_bytes(std::string(32, '\0'))), 0x8a9136aaU);
  EXPECT_EQ(crc32c(as_bytes(std::string(32, '\xff'))), 0x62a8ab43U);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283U);
  EXPECT_EQ(crc32c(as_bytes("56789"), crc32c(as_bytes("1234"))), 0xe3069283U);
}

TEST(SortedTable, entries_come_back_packed_or_not) {
  for (const bool packed : {false, true}) {
    const std::string bytes = table(block({{"", "header"}, {"a", ""}, {"b", "2"}}), packed);
    EXPECT_THAT(read_sorted_table(as_bytes(bytes), "x.index", {}),
                ElementsAre(Pair("", "header"), Pair("a", ""), Pair("b", "2")));
  }
}

TEST(SortedTable, keys_share_their_beginnings) {
  const std::string contents = varint(0) + varint(4) + varint(1) + "bert" + "1" + varint(2) +
                               varint(1) + varint(1) + "z" + "2" + little_endian(0, 4) +
                               little_endian(1, 4);
  EXPECT_THAT(read_sorted_table(as_bytes(table(contents)), "x.index", {}),
              ElementsAre(Pair("bert", "1"), Pair("bez", "2")));
}

TEST(SortedTable, lies_are_refused) {
  const auto of_entry = [](uint64_t shared, uint64_t rest, uint64_t value) {
    return error_of(table(varint(shared) + varint(rest) + varint(value) + "key" +
                          little_endian(0, 4) + little_endian(1, 4)));
  };
  EXPECT_THAT(of_entry(1, 2, 1), HasSubstr("shares more"));
  EXPECT_THAT(of_entry(0, uint64_t{1} << 62, 1), HasSubstr("truncated"));
  EXPECT_THAT(of_entry(0, 3, uint64_t{1} << 62), HasSubstr("truncated"));
  EXPECT_THAT(error_of(table(std::string(12, '\xff'))), HasSubstr("restarts"));
  EXPECT_THAT(error_of(table(block({}))), HasSubstr("without entries"));
  EXPECT_THAT(error_of(table(block({{"b", ""}, {"a", ""}}))), HasSubstr("out of order"));
  EXPECT_THAT(error_of(table(block({{"a", ""}, {"a", ""}}))), HasSubstr("out of order"));
  EXPECT_THAT(error_of(table(block({{"a", std::string(100, 'x')}})), {.block_bytes = 60}),
              HasSubstr("at most 60"));
  EXPECT_THAT(error_of(table(block({{"a", ""}, {"b", ""}})), {.entries = 2}),
              HasSubstr("more than 2 entries"));
  EXPECT_THAT(error_of(std::string(100, 'x')), HasSubstr("x.index"));
}

TEST(SortedTable, a_block_that_claims_to_unpack_to_gigabytes_allocates_nothing) {
  std::string claim = varint(0xF0000000) + "abc";
  claim += '\1';
  claim += little_endian(masked_crc(crc32c(as_bytes(claim))), 4);
  std::string footer = varint(0) + varint(0) + varint(0) + varint(claim.size() - 5);
  footer.resize(40, '\0');
  EXPECT_THAT(error_of(claim + footer + little_endian(0xdb4775248b80fb57, 8)),
              HasSubstr("at most"));
}

TEST(SortedTable, every_flipped_byte_of_a_block_is_found) {
  std::ifstream stream(data_folder() + "/tensorflow/bert_model.ckpt.index", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(stream)), {});
  ASSERT_EQ(error_of(whole), "no error");
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string bytes = whole;
    bytes[random() % 4400] ^= static_cast<char>(1 + random() % 255);  // within the block of data
    EXPECT_THAT(error_of(bytes), HasSubstr("damaged"));
    EXPECT_THAT(error_of(whole.substr(0, random() % whole.size())), HasSubstr("x.index: "));
  }
}

}  // namespace
}  // namespace checkpoint::tensorflow
