#include "checkpoint/safetensors.h"

#include <bit>
#include <cstring>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace checkpoint {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::filesystem::path kData =
    std::filesystem::path(BENCH_SOURCE_DIR) / "tests/checkpoint/data";

nlohmann::json expectations() {
  std::ifstream file(kData / "expectations.json");
  return nlohmann::json::parse(file);
}

/// A whole file in memory: length, header, data of `data_bytes` zeros.
std::vector<std::byte> file_with_header(const std::string& header, size_t data_bytes) {
  std::vector<std::byte> bytes(8 + header.size() + data_bytes);
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

SafetensorsHeader parse(const std::vector<std::byte>& bytes) {
  return parse_safetensors_header(bytes, bytes.size(), "x.safetensors");
}

/// The message that parsing `header` in front of `data_bytes` bytes ends with.
std::string error_of(const std::string& header, size_t data_bytes) {
  try {
    parse(file_with_header(header, data_bytes));
  } catch (const SafetensorsError& error) {
    return error.what();
  }
  return "no error";
}

double value_at(std::span<const std::byte> bytes, Dtype dtype, size_t index) {
  const std::byte* at = bytes.data() + index * static_cast<size_t>(element_size(dtype));
  const auto read = [at](auto value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  switch (dtype) {
    case Dtype::kF32:
      return read(float{});
    case Dtype::kI64:
      return static_cast<double>(read(int64_t{}));
    case Dtype::kBF16:
      return std::bit_cast<float>(static_cast<uint32_t>(read(uint16_t{})) << 16);
    case Dtype::kU8:
    case Dtype::kBool:
      return read(uint8_t{});
    default:
      throw std::logic_error("no value of this dtype is expected");
  }
}

TEST(Safetensors, good_files_have_the_expected_tensors) {
  const nlohmann::json good = expectations().at("good");
  ASSERT_EQ(good.size(), 2U);
  for (const auto& [file, tensors] : good.items()) {
    const SafetensorsFile opened(kData / file);
    EXPECT_EQ(opened.header().tensors.size(), tensors.size()) << file;
    for (const auto& [name, expected] : tensors.items()) {
      const TensorInfo& tensor = opened.header().at(name);
      EXPECT_EQ(dtype_name(tensor.dtype), expected.at("dtype").get<std::string>()) << name;
      EXPECT_EQ(tensor.shape, expected.at("shape").get<std::vector<int64_t>>()) << name;
      EXPECT_EQ(opened.bytes(tensor).size(), tensor.bytes);
      if (tensor.dtype == Dtype::kF16) continue;
      const auto first = expected.at("first").get<std::vector<double>>();
      ASSERT_LE(first.size(), static_cast<size_t>(tensor.elements())) << name;
      for (size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(value_at(opened.bytes(tensor), tensor.dtype, i), first[i]) << name << " " << i;
      }
    }
  }
}

TEST(Safetensors, bad_files_are_refused_in_one_line_that_names_the_file) {
  const std::map<std::string, std::string> kWords = {
      {"bad_bad_utf8.safetensors", "UTF-8"},
      {"bad_empty.safetensors", "truncated: 0 bytes"},
      {"bad_hdr_past_end.safetensors", "does not fit"},
      {"bad_leading_space.safetensors", "does not start with '{'"},
      {"bad_not_json.safetensors", "header:1:6: not JSON"},
      {"bad_out_of_bounds.safetensors", "out of the range"},
      {"bad_overlap.safetensors", "overlaps"},
      {"bad_short.safetensors", "truncated: 2 bytes"},
      {"bad_trailing.safetensors", "trailing bytes"},
      {"bad_unknown_dtype.safetensors", "unknown dtype"}};
  const nlohmann::json bad = expectations().at("bad");
  EXPECT_EQ(bad.size(), kWords.size());
  for (const auto& [file, words] : kWords) {
    ASSERT_TRUE(bad.contains(file)) << file;
    try {
      SafetensorsFile opened(kData / file);
      ADD_FAILURE() << file << " was accepted: " << bad.at(file);
    } catch (const SafetensorsError& error) {
      EXPECT_THAT(error.what(), HasSubstr(words)) << file;
      EXPECT_THAT(error.what(), HasSubstr(file));
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    }
  }
}

TEST(Safetensors, a_file_that_is_not_there_or_is_a_folder_says_so) {
  EXPECT_THROW(SafetensorsFile(kData / "none.safetensors"), SafetensorsError);
  EXPECT_THROW(SafetensorsFile{kData}, SafetensorsError);
}

TEST(Safetensors, metadata_and_padding_of_the_header_are_read) {
  const SafetensorsHeader header = parse(file_with_header(
      R"({"__metadata__":{"a":"b"},"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}   )", 3));
  EXPECT_EQ(header.metadata.at("a"), "b");
  EXPECT_EQ(header.at("x").elements(), 3);
  EXPECT_EQ(header.find("y"), nullptr);
}

TEST(Safetensors, a_missing_tensor_is_named) {
  const SafetensorsHeader header = parse(file_with_header("{}", 0));
  try {
    header.at("input_ids");
    ADD_FAILURE();
  } catch (const SafetensorsError& error) {
    EXPECT_STREQ(error.what(), "x.safetensors: has no tensor \"input_ids\"");
  }
}

TEST(Safetensors, tensors_are_ordered_by_their_bytes) {
  const SafetensorsHeader header =
      parse(file_with_header(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},)"
                             R"("b":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
                             6));
  EXPECT_EQ(header.tensors[0].name, "b");
  EXPECT_EQ(header.tensors[0].elements(), 1);
  EXPECT_EQ(header.tensors[1].name, "a");
}

TEST(Safetensors, each_defect_of_a_header_is_named) {
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2),
              HasSubstr("gap"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}})", 1),
              HasSubstr("has 1 bytes, but its dtype and shape need 2"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}})", 2),
              HasSubstr("not a begin and an end"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})", 0),
              HasSubstr("whole number"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}})", 0),
              HasSubstr("whole number"));
  EXPECT_THAT(
      error_of(R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0),
      HasSubstr("overflows"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}})", 0),
              HasSubstr("exactly dtype, shape and data_offsets"));
  EXPECT_THAT(error_of(R"({"a\n":7})", 0), HasSubstr(R"(tensor "a\n" is not an object)"));
  EXPECT_THAT(error_of(R"({"__metadata__":{"a":1}})", 0), HasSubstr("not a string"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                       R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
                       0),
              HasSubstr("twice"));
  EXPECT_THAT(error_of("[]", 0), HasSubstr("does not start with '{'"));
}

TEST(Safetensors, numbers_out_of_range_are_named) {
  const std::vector<std::string> bad = {"-1",
                                        "-9223372036854775809",
                                        "9223372036854775808",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "1e19",
                                        "1.5"};
  for (const std::string& number : bad) {
    EXPECT_THAT(
        error_of(R"({"a":{"dtype":"U8","shape":[)" + number + R"(],"data_offsets":[0,1]}})", 1),
        HasSubstr("x.safetensors: the shape of tensor \"a\" has the element "))
        << number;
    for (const std::string& offsets : {number + ",1", "0," + number}) {
      EXPECT_THAT(
          error_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[)" + offsets + "]}}", 1),
          HasSubstr("x.safetensors: data_offsets of tensor \"a\" has the element "))
          << offsets;
    }
  }
  EXPECT_EQ(error_of(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1),
            "x.safetensors: the shape of tensor \"a\" has the element -1, not a whole number from "
            "0 to 2^63 - 1");
  EXPECT_THAT(
      error_of(R"({"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,1]}})", 1),
      HasSubstr("has 1 bytes, but its dtype and shape need 9223372036854775807"));
}

TEST(Safetensors, numbers_that_no_double_holds_are_placed) {
  EXPECT_EQ(error_of(R"({"a":{"dtype":"U8","shape":[1e400],"data_offsets":[0,1]}})", 1),
            "x.safetensors: header:1:29: the number \"1e400\" is out of a double's range; give a "
            "smaller one");
  for (const char* number : {"1e400", "-1e400"}) {
    for (const std::string& offsets : {std::string(number) + ",1", std::string("0,") + number}) {
      EXPECT_THAT(
          error_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[)" + offsets + "]}}", 1),
          HasSubstr("is out of a double's range"));
    }
  }
}

TEST(Safetensors, a_header_nested_deeply_is_refused) {
  const std::string nested = std::string(1000000, '[') + std::string(1000000, ']');
  EXPECT_THAT(error_of(R"({"a":{"dtype":)" + nested + R"(,"shape":[1],"data_offsets":[0,1]}})", 1),
              HasSubstr("more than 64 levels"));
}

TEST(Safetensors, a_file_cut_anywhere_is_refused) {
  const std::vector<std::byte> whole =
      file_with_header(R"({"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})", 16);
  EXPECT_NO_THROW(parse(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_THROW(parse(cut), SafetensorsError) << size;
  }
}

TEST(Safetensors, damaged_files_never_give_bytes_outside_of_the_file) {
  std::ifstream stream(kData / "mixed.safetensors", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  std::mt19937 random(1);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    try {
      for (const TensorInfo& tensor : parse(bytes).tensors) {
        EXPECT_LE(tensor.begin + tensor.bytes, bytes.size());
      }
    } catch (const SafetensorsError&) {
    }
  }
}

}  // namespace
}  // namespace checkpoint
