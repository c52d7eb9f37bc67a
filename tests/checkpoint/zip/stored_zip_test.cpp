#include "checkpoint/zip/stored_zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/zip/zip_bytes.h"

namespace checkpoint::zip {
namespace {

using pickle::as_bytes;
using pickle::little_endian;
using testing::HasSubstr;

std::string error_of(const std::string& bytes) {
  try {
    const StoredZip zip(as_bytes(bytes), "x.zip");
    for (const auto& [name, entry] : zip.entries()) zip.check(name, entry);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

TEST(StoredZip, entries_are_views_into_the_archive) {
  const std::string bytes = archive({{.name = "a", .bytes = "first"}, {.name = "b/c"}});
  const StoredZip zip(as_bytes(bytes), "x.zip");
  ASSERT_EQ(zip.entries().size(), 2U);
  const StoredZip::Entry& entry = zip.entries().at("a");
  EXPECT_EQ(reinterpret_cast<const char*>(entry.bytes.data()) - bytes.data(),
            static_cast<std::ptrdiff_t>(bytes.find("first")));
  EXPECT_EQ(entry.bytes.size(), 5U);
  EXPECT_TRUE(zip.entries().at("b/c").bytes.empty());
  EXPECT_EQ(error_of(bytes), "no error");
}

TEST(StoredZip, a_comment_and_the_zip64_record_are_read) {
  const std::string entry = "PK\x03\x04" + little_endian(0, 10) + little_endian(0xe8b7be43, 4) +
                            little_endian(1, 8) + little_endian(1, 2) + little_endian(0, 2) + "na";
  const std::string field = little_endian(1, 2) + little_endian(24, 2) + little_endian(1, 16 / 2) +
                            little_endian(1, 8) + little_endian(0, 8);
  const std::string directory = "PK\x01\x02" + little_endian(0, 12) + little_endian(0xe8b7be43, 4) +
                                std::string(8, '\xff') + little_endian(1, 2) +
                                little_endian(field.size(), 2) + little_endian(0, 10) +
                                std::string(4, '\xff') + "n" + field;
  const std::string end64 = "PK\x06\x06" + little_endian(44, 8) + little_endian(0, 12) +
                            little_endian(1, 8) + little_endian(1, 8) +
                            little_endian(directory.size(), 8) + little_endian(entry.size(), 8);
  const std::string locator = "PK\x06\x07" + little_endian(0, 4) +
                              little_endian(entry.size() + directory.size(), 8) +
                              little_endian(1, 4);
  const std::string end =
      "PK\x05\x06" + little_endian(0, 4) + std::string(12, '\xff') + little_endian(3, 2) + "end";
  const std::string bytes = entry + directory + end64 + locator + end;
  EXPECT_EQ(error_of(bytes), "no error");
  const StoredZip zip(as_bytes(bytes), "x.zip");
  EXPECT_EQ(zip.entries().at("n").bytes.size(), 1U);
}

TEST(StoredZip, every_truncation_is_an_error) {
  const std::string whole = archive({{.name = "a", .bytes = "first"}, {.name = "b"}});
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(error_of(whole.substr(0, size)), HasSubstr("x.zip: ")) << size;
  }
}

TEST(StoredZip, entries_that_lie_are_refused) {
  EXPECT_THAT(error_of(archive({{.name = "a", .bytes = "x", .damaged = true}})),
              HasSubstr("entry \"a\" are damaged"));
  EXPECT_THAT(error_of(archive({{.name = "a", .bytes = "x", .method = 8}})),
              HasSubstr("compressed"));
  EXPECT_THAT(error_of(archive({{.name = "a", .bytes = "x", .flags = 1}})), HasSubstr("encrypted"));
  EXPECT_THAT(error_of(archive({{.name = "a", .bytes = "x", .local_name = "b"}})),
              HasSubstr("another name"));
  EXPECT_THAT(error_of(archive({{.name = "a"}, {.name = "a"}})), HasSubstr("\"a\" twice"));
  EXPECT_THAT(error_of(archive({{.name = "a", .claimed_bytes = 1000}})),
              HasSubstr("out of the file"));
  EXPECT_THAT(error_of(archive({{.name = "a", .claimed_bytes = 4}, {.name = "b"}})),
              HasSubstr("overlap"));
}

TEST(StoredZip, lying_directories_are_refused) {
  const std::string whole = archive({{.name = "a", .bytes = "x"}});
  const size_t end = whole.size() - 22;
  const auto with = [&](size_t offset, const std::string& bytes) {
    std::string changed = whole;
    return changed.replace(end + offset, bytes.size(), bytes);
  };
  EXPECT_THAT(error_of(with(10, little_endian(60000, 2))), HasSubstr("60000 entries"));
  EXPECT_THAT(error_of(with(12, little_endian(0x7fffffff, 4))), HasSubstr("not in a file"));
  EXPECT_THAT(error_of(with(16, little_endian(0x7fffffff, 4))), HasSubstr("not in a file"));
  EXPECT_THAT(error_of(with(16, little_endian(0, 4))), HasSubstr("damaged"));
  EXPECT_THAT(error_of(with(10, little_endian(0xffff, 2))), HasSubstr("zip64"));
  EXPECT_THAT(error_of(with(4, little_endian(1, 2))), HasSubstr("split"));
}

}  // namespace
}  // namespace checkpoint::zip
