#include "checkpoint/pytorch/zip_file.h"

#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/pytorch/storage_bytes.h"
#include "tests/checkpoint/tensor_expectations.h"
#include "tests/checkpoint/zip/zip_bytes.h"

namespace checkpoint::pytorch {
namespace {

using namespace pickle;
using testing::ElementsAre;
using testing::HasSubstr;

std::string file_of(const std::string& object, const std::string& storage_bytes) {
  return zip::archive({{.name = "m/data.pkl", .bytes = protocol() + object + "."},
                       {.name = "m/data/0", .bytes = storage_bytes},
                       {.name = "m/version", .bytes = "3\n"}});
}

/// The message that opening a file of one object and one storage of 6 floats, and reading all of
/// it, ends with.
std::string error_of(const std::string& object) {
  const std::string bytes = file_of(object, std::string(24, '\0'));
  try {
    const auto file = open_zip_bytes(as_bytes(bytes), "x.bin");
    for (size_t i = 0; i < file->tensors().size(); ++i) file->read(i);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of_tensor(const std::string& description) {
  return error_of(dict(unicode("w") + description));
}

TEST(PytorchZip, files_of_real_pytorch_hold_the_expected_tensors) {
  const nlohmann::json expected = read_expectations("pytorch/generated.json");
  for (const std::string name : {"hf_zip_pytorch_model.bin", "mixed_dtypes_views.pt"}) {
    const auto file = open_zip_file(data_folder() + "/pytorch/" + name);
    EXPECT_EQ(file->format(), "PyTorch zip");
    expect_tensors(*file, expected.at("models/torch_generated/" + name));
  }
}

TEST(PytorchZip, views_are_gathered_row_by_row) {
  std::string numbers;
  for (int i = 0; i < 6; ++i) numbers += std::string(3, '\0') + static_cast<char>(i);
  const std::string bytes =
      file_of(dict(unicode("w") +
                   tensor(storage("0", 6), 1, integer(2) + integer(2), integer(1) + integer(3))),
              numbers);
  const auto file = open_zip_bytes(as_bytes(bytes), "x.bin");
  const std::vector<std::byte> values = file->read(0);
  ASSERT_EQ(values.size(), 16U);
  EXPECT_THAT((std::vector{values[3], values[7], values[11], values[15]}),
              ElementsAre(std::byte{1}, std::byte{4}, std::byte{2}, std::byte{5}));
}

TEST(PytorchZip, descriptions_that_cannot_be_name_the_tensor) {
  const std::string one = integer(1);
  EXPECT_EQ(error_of_tensor(tensor(storage("0", 6), 0, integer(6), one)), "no error");
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, integer(7), one)),
              HasSubstr("tensor \"w\": it has more elements than its storage"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 1, integer(6), one)),
              HasSubstr("reaches out of its storage"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, integer(3), integer(3))),
              HasSubstr("reaches out of its storage"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), -1, integer(3), one)),
              HasSubstr("from 0 up"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, integer(-3), one)),
              HasSubstr("from 0 up"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 5, integer(3), integer(-1))),
              HasSubstr("from 0 up"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, integer(3), one + one)),
              HasSubstr("differ in length"));
  const std::string huge = integer(INT64_MAX);
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, huge + huge, one + one)),
              HasSubstr("overflows"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, integer(2) + integer(2), huge + huge)),
              HasSubstr("overflow"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", INT64_MAX), 0, one, one)),
              HasSubstr("overflows"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 7), 0, integer(7), one)),
              HasSubstr("has 24 bytes and should have 7 elements"));
  EXPECT_THAT(error_of_tensor(tensor(storage("1", 6), 0, integer(6), one)),
              HasSubstr("not in the archive"));
  EXPECT_THAT(error_of_tensor(tensor("N", 0, integer(6), one)), HasSubstr("without its storage"));
  EXPECT_THAT(error_of_tensor(tensor(storage("0", 6), 0, std::string(65, 'N'), one)),
              HasSubstr("64 dimensions"));
}

TEST(PytorchZip, tensors_of_other_dtypes_and_unknown_objects_are_passed_over) {
  const std::string bytes =
      file_of(dict(unicode("complex") +
                   tensor(storage("0", 3, "", "ComplexFloatStorage"), 0, integer(3), integer(1)) +
                   unicode("scaler") + global("deepspeed", "LossScaler") + ")\x81" + dict("") +
                   "b" + unicode("w") + tensor(storage("0", 6), 0, integer(6), integer(1))),
              std::string(24, '\0'));
  const auto file = open_zip_bytes(as_bytes(bytes), "x.bin");
  ASSERT_EQ(file->tensors().size(), 1U);
  EXPECT_EQ(file->tensors()[0].name, "w");
}

TEST(PytorchZip, cycles_and_shared_lists_end) {
  EXPECT_THAT(error_of("]q\x01h\x01"
                       "a"),
              HasSubstr("nested deeper"));
  std::string doubled = "]";
  for (int i = 0; i < 25; ++i) doubled = "](" + doubled + "2e";
  EXPECT_THAT(error_of(doubled), HasSubstr("values to look at"));
  EXPECT_THAT(error_of(dict(unicode(std::string(600, 'n')) + "N")), HasSubstr("longer than 512"));
}

TEST(PytorchZip, archives_that_torch_did_not_write_say_so) {
  const auto error = [](const std::string& bytes) -> std::string {
    try {
      open_zip_bytes(as_bytes(bytes), "x.bin");
    } catch (const CheckpointError& caught) {
      return caught.what();
    }
    return "no error";
  };
  EXPECT_THAT(error(zip::archive({{.name = "a"}})), HasSubstr("without data.pkl"));
  EXPECT_THAT(error(zip::archive({{.name = "a/data.pkl"}, {.name = "b/data.pkl"}})),
              HasSubstr("two data.pkl"));
  EXPECT_THAT(error(zip::archive({{.name = "a/data.pkl", .bytes = protocol() + "N."},
                                  {.name = "a/byteorder", .bytes = "big"}})),
              HasSubstr("little-endian"));
}

TEST(PytorchZip, damaged_bytes_are_found_when_they_are_read) {
  std::ifstream stream(data_folder() + "/pytorch/mixed_dtypes_views.pt", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(stream)), {});
  std::mt19937 random(3);
  int errors = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = whole;
    bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    try {
      const auto file = open_zip_bytes(as_bytes(bytes), "x.bin");
      for (size_t i = 0; i < file->tensors().size(); ++i) file->read(i);
    } catch (const CheckpointError& error) {
      ++errors;
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_GT(errors, 500);
}

}  // namespace
}  // namespace checkpoint::pytorch
