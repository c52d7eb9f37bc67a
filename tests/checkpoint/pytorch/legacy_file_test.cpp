#include "checkpoint/pytorch/legacy_file.h"

#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/pytorch/storage_bytes.h"
#include "tests/checkpoint/tensor_expectations.h"

namespace checkpoint::pytorch {
namespace {

using namespace pickle;
using testing::HasSubstr;

const std::string kMagic = protocol() + "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// A legacy file of `object` and one storage "0" of `elements` floats, of which `bytes` are there.
std::string file_of(const std::string& object, uint64_t elements, const std::string& bytes,
                    const std::string& system = dict(unicode("little_endian") + "\x88")) {
  return kMagic + protocol() + "M\xe9\x03." + protocol() + system + "." + protocol() + object +
         "." + protocol() + "](" + unicode("0") + "e." + little_endian(elements, 8) + bytes;
}

std::string error_of(const std::string& bytes) {
  try {
    const auto file = open_legacy_bytes(as_bytes(bytes), "x.bin");
    for (size_t i = 0; i < file->tensors().size(); ++i) file->read(i);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

const std::string kWeight =
    dict(unicode("w") + tensor(storage("0", 2, "N"), 0, integer(2), integer(1)));
const std::string kEight(8, '\1');

TEST(PytorchLegacy, files_of_real_pytorch_hold_the_expected_tensors) {
  const auto generated = open_legacy_file(data_folder() + "/pytorch/hf_legacy_pytorch_model.bin");
  expect_tensors(*generated, read_expectations("pytorch/generated.json")
                                 .at("models/torch_generated/hf_legacy_pytorch_model.bin"));
  const auto fixture = open_legacy_file(data_folder() + "/pytorch/allennlp_bert_xsmall.bin");
  expect_tensors(*fixture, read_expectations("pytorch/allennlp_bert_xsmall.json").at("tensors"));
}

TEST(PytorchLegacy, views_of_old_files_begin_within_their_storage) {
  const std::string view = tuple(unicode("v") + integer(1) + integer(1));
  const std::string object =
      dict(unicode("w") + tensor(storage("0", 2, view), 0, integer(1), integer(1)));
  const std::string bytes = file_of(object, 2, "aaaabbbb");
  const auto file = open_legacy_bytes(as_bytes(bytes), "x.bin");
  const std::vector<std::byte> values = file->read(0);
  EXPECT_EQ(values, std::vector<std::byte>(4, std::byte{'b'}));
  const std::string beyond = tuple(unicode("v") + integer(1) + integer(2));
  EXPECT_THAT(error_of(file_of(
                  dict(unicode("w") + tensor(storage("0", 2, beyond), 0, integer(1), integer(1))),
                  2, kEight)),
              HasSubstr("reaches out"));
}

TEST(PytorchLegacy, files_that_lie_are_refused) {
  EXPECT_EQ(error_of(file_of(kWeight, 2, kEight)), "no error");
  EXPECT_THAT(error_of(file_of(kWeight, 3, kEight)), HasSubstr("3 elements and should have 2"));
  EXPECT_THAT(error_of(file_of(kWeight, 2, "abc")), HasSubstr("truncated"));
  EXPECT_THAT(error_of(file_of(kWeight, 2, kEight + "x")), HasSubstr("1 trailing bytes"));
  EXPECT_THAT(error_of(file_of(dict(""), 2, kEight)), HasSubstr("nothing says what storage"));
  const std::string other =
      dict(unicode("w") + tensor(storage("1", 2, "N"), 0, integer(2), integer(1)) + unicode("x") +
           storage("0", 2, "N"));
  EXPECT_THAT(error_of(file_of(other, 2, kEight)), HasSubstr("not in the file"));
  const std::string two_ways = dict(unicode("w") + storage("0", 2, "N") + unicode("x") +
                                    storage("0", 2, "N", "UntypedStorage"));
  EXPECT_THAT(error_of(file_of(two_ways, 2, kEight)), HasSubstr("two ways"));
  EXPECT_THAT(error_of(file_of(kWeight, 2, kEight, dict(unicode("little_endian") + "\x89"))),
              HasSubstr("big-endian"));
  EXPECT_THAT(error_of(kMagic + protocol() + "K\x01."), HasSubstr("1001"));
  EXPECT_THAT(error_of("PK"), HasSubstr("magic"));
}

TEST(PytorchLegacy, a_huge_storage_claim_allocates_nothing) {
  const std::string object =
      dict(unicode("w") + tensor(storage("0", int64_t{1} << 60, "N"), 0, integer(1), integer(1)));
  EXPECT_THAT(error_of(file_of(object, uint64_t{1} << 60, kEight)), HasSubstr("truncated"));
}

TEST(PytorchLegacy, cut_and_damaged_files_end_in_one_line) {
  std::ifstream stream(data_folder() + "/pytorch/allennlp_bert_xsmall.bin", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(stream)), {});
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    EXPECT_THAT(error_of(whole.substr(0, random() % whole.size())), HasSubstr("x.bin: "));
    std::string bytes = whole;
    for (int i = 0; i < 3; ++i) bytes[random() % 4000] ^= static_cast<char>(1 + random() % 255);
    EXPECT_EQ(error_of(bytes).find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace checkpoint::pytorch
