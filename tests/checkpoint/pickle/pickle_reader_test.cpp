#include "checkpoint/pickle/pickle_reader.h"

#include <filesystem>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/pickle/pickle_bytes.h"

namespace checkpoint::pickle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Graph read(const std::string& pickle, const Limits& limits = {}) {
  return read_pickle(as_bytes(pickle), "x.bin", limits);
}

std::string error_of(const std::string& pickle, const Limits& limits = {}) {
  try {
    read(pickle, limits);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

/// The number in a pickle of one number.
int64_t integer_of(const std::string& opcodes) {
  const Graph graph = read(protocol() + opcodes + ".");
  return graph.at(graph.root).integer;
}

TEST(PickleReader, numbers_are_what_python_wrote) {
  EXPECT_EQ(integer_of("K\xff"), 255);
  EXPECT_EQ(integer_of("M\x01\xff"), 0xff01);
  EXPECT_EQ(integer_of("J\xfe\xff\xff\xff"), -2);
  EXPECT_EQ(integer_of(std::string("\x8a\x00", 2)), 0);
  EXPECT_EQ(integer_of("\x8a\x01\x80"), -128);
  EXPECT_EQ(integer_of(std::string("\x8a\x02\x80\x00", 4)), 128);
  EXPECT_EQ(integer_of(integer(INT64_MIN)), INT64_MIN);
  // pickle.dumps(3e-05, 2)[2:-1]
  const std::string real = protocol() + "G\x3e\xff\x75\x10\x4d\x55\x1d\x69.";
  EXPECT_EQ(read(real).nodes[0].real, 3e-05);
  EXPECT_EQ(integer_of("\x88"), 1);
  EXPECT_EQ(read(protocol() + "N.").nodes[0].kind, Kind::kNone);
}

TEST(PickleReader, a_long_beyond_64_bits_keeps_its_digits) {
  const std::string pickle = protocol() + "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  const Graph graph = read(pickle);
  const Node& magic = graph.at(graph.root);
  EXPECT_EQ(magic.kind, Kind::kLong);
  EXPECT_EQ(magic.text, "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
}

TEST(PickleReader, nested_containers_and_the_memo_share_values) {
  const std::string pickle =
      protocol() +
      dict(unicode("a") + "]q\x01(" + integer(1) + integer(2) + "e" + unicode("b") + "h\x01") +
      ".rest";
  const Graph graph = read(pickle);
  EXPECT_EQ(graph.bytes, pickle.size() - 4);
  const Node& root = graph.at(graph.root);
  ASSERT_EQ(root.kind, Kind::kDict);
  ASSERT_EQ(root.items.size(), 4U);
  EXPECT_EQ(root.items[1], root.items[3]);
  EXPECT_EQ(graph.at(root.items[2]).text, "b");
  const Node& list = graph.at(root.items[1]);
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(graph.at(list.items[1]).integer, 2);
}

TEST(PickleReader, protocol_4_reads_as_protocol_2_does) {
  // pickle.dumps(collections.OrderedDict(a=(1, None)), 4)
  const std::string pickle(
      "\x80\x04\x95\x2c\x00\x00\x00\x00\x00\x00\x00\x8c\x0b"
      "collections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94\x8c\x01"
      "a\x94K\x01N\x86\x94s.",
      55);
  const Graph graph = read(pickle);
  const Node& call = graph.at(graph.root);
  ASSERT_EQ(call.kind, Kind::kCall);
  EXPECT_TRUE(graph.is_global(call.items[0], "collections", "OrderedDict"));
  const Node& items = graph.at(call.items[2]);
  ASSERT_EQ(items.items.size(), 2U);
  EXPECT_EQ(graph.at(items.items[0]).text, "a");
  EXPECT_EQ(graph.at(items.items[1]).kind, Kind::kTuple);
}

TEST(PickleReader, calls_stay_names_and_arguments) {
  const std::filesystem::path proof = std::filesystem::temp_directory_path() / "pickle_ran";
  std::filesystem::remove(proof);
  const std::string pickle = protocol() + global("posix", "system") +
                             tuple(unicode("touch " + proof.string())) + "R" + dict("") + "b.";
  const Graph graph = read(pickle);
  EXPECT_FALSE(std::filesystem::exists(proof));
  const Node& call = graph.at(graph.root);
  EXPECT_EQ(call.kind, Kind::kCall);
  EXPECT_EQ(graph.at(call.items[0]).name, "system");
  EXPECT_EQ(graph.at(call.items[1]).items.size(), 1U);
}

TEST(PickleReader, every_truncation_is_one_line) {
  const std::string whole = protocol() +
                            dict(unicode("key") + tuple(integer(1) + "\x88" + "N") +
                                 unicode("other") + global("torch", "Size") + ")R") +
                            ".";
  ASSERT_NO_THROW(read(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string message = error_of(whole.substr(0, size));
    EXPECT_THAT(message, HasSubstr("x.bin: ")) << size;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(PickleReader, malformed_programs_are_errors) {
  EXPECT_THAT(error_of("hello"), HasSubstr("not a pickle"));
  EXPECT_THAT(error_of(protocol(9) + "N."), HasSubstr("protocol 9"));
  EXPECT_THAT(error_of(protocol() + "I1\n."), HasSubstr("opcode 0x49"));
  EXPECT_THAT(error_of(protocol() + "."), HasSubstr("too few values"));
  EXPECT_THAT(error_of(protocol() + "N\x86."), HasSubstr("too few values"));
  EXPECT_THAT(error_of(protocol() + "N(\x85."), HasSubstr("too few values"));
  EXPECT_THAT(error_of(protocol() + "NN."), HasSubstr("values left"));
  EXPECT_THAT(error_of(protocol() + "t."), HasSubstr("needs a mark"));
  EXPECT_THAT(error_of(protocol() + "h\x05."), HasSubstr("memo 5"));
  EXPECT_THAT(error_of(protocol() + "}(N" + "u."), HasSubstr("without a value"));
  EXPECT_THAT(error_of(protocol() + "NNNs."), HasSubstr("no dict"));
  EXPECT_THAT(error_of(protocol() + "NNa."), HasSubstr("no list"));
  EXPECT_THAT(error_of(protocol() + "NN\x93."), HasSubstr("no text"));
}

TEST(PickleReader, lying_lengths_allocate_nothing) {
  EXPECT_THAT(error_of(protocol() + "X\xff\xff\xff\xff" + "ab."), HasSubstr("truncated"));
  EXPECT_THAT(error_of(protocol() + "\x8d" + std::string(8, '\xff') + "ab."),
              HasSubstr("truncated"));
  EXPECT_THAT(error_of(protocol() + "\x8b\xff\xff\xff\x7f" + "ab."), HasSubstr("truncated"));
  EXPECT_THAT(error_of(protocol() + "ctorch"), HasSubstr("within a line"));
}

TEST(PickleReader, limits_hold) {
  const Limits few = {.bytes = 1000, .opcodes = 100, .nodes = 50};
  EXPECT_THAT(error_of(protocol() + std::string(60, 'N') + ".", few), HasSubstr("50 values"));
  EXPECT_THAT(error_of(protocol() + "N" + std::string(200, '2') + ".", few),
              HasSubstr("100 opcodes"));
  EXPECT_THAT(
      error_of(protocol() + "X" + little_endian(2000, 4) + std::string(2000, 'a') + ".", few),
      HasSubstr("truncated"));
}

TEST(PickleReader, cycles_are_built_and_freed) {
  const Graph graph = read(protocol() +
                           "]q\x01h\x01"
                           "a.");
  EXPECT_THAT(graph.at(graph.root).items, ElementsAre(graph.root));
}

TEST(PickleReader, random_programs_end) {
  std::mt19937 random(7);
  const std::string opcodes = "().0}]N\x88\x89\x85\x86\x87hqKRbQsuaetld2\x93\x94\x8f\x90\x91\x81";
  for (int round = 0; round < 20000; ++round) {
    std::string pickle = protocol();
    for (int i = 0; i < 40; ++i) pickle += opcodes[random() % opcodes.size()];
    try {
      read(pickle);
    } catch (const CheckpointError& error) {
      EXPECT_THAT(error.what(), HasSubstr("x.bin: "));
    }
  }
}

}  // namespace
}  // namespace checkpoint::pickle
