#include "model/window_file.h"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "checkpoint/safetensors.h"

namespace model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kWindows =
    std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";

/// A data set of three windows of up to four tokens.
struct SmallFile {
  std::vector<int32_t> ids = {1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 0};
  std::vector<uint8_t> mask = {1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0};
  std::vector<uint8_t> types = {0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0};
  std::vector<int32_t> starts = {1, 0, 2};
  std::vector<int32_t> ends = {3, 1, 2};
  std::string starts_dtype = "I32";

  std::string write() const {
    nlohmann::json header;
    std::string data;
    const auto add = [&](const char* name, const std::string& dtype, const auto& values,
                         const std::vector<int64_t>& shape) {
      const size_t begin = data.size();
      data.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      header[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, data.size()}}};
    };
    add("input_ids", "I32", ids, {3, 4});
    add("attention_mask", "U8", mask, {3, 4});
    add("token_type_ids", "U8", types, {3, 4});
    add("start_positions", starts_dtype, starts, {3});
    add("end_positions", "I32", ends, {3});
    const std::string text = header.dump();
    const uint64_t length = text.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    const std::string path = testing::TempDir() +
                             testing::UnitTest::GetInstance()->current_test_info()->name() +
                             ".safetensors";
    std::ofstream(path, std::ios::binary) << file << text << data;
    return path;
  }
};

std::string error_of(const SmallFile& file) {
  try {
    read_window_file(file.write());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(WindowFile, squad_windows_are_read_whole) {
  const std::vector<Window> windows = read_window_file(kWindows);
  ASSERT_EQ(windows.size(), 512U);
  for (const Window& window : windows) {
    EXPECT_EQ(window.input_ids.front(), 101);  // [CLS]
    EXPECT_EQ(window.input_ids.back(), 102);   // [SEP]
    EXPECT_EQ(window.token_type_ids.size(), window.input_ids.size());
    EXPECT_LE(window.start_position, window.end_position);
  }
}

TEST(WindowFile, padding_is_left_out) {
  const std::vector<Window> windows = read_window_file(SmallFile().write());
  ASSERT_EQ(windows.size(), 3U);
  EXPECT_THAT(windows[0].input_ids, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(windows[1].input_ids, ElementsAre(5, 6));
  EXPECT_THAT(windows[2].input_ids, ElementsAre(7, 8, 9));
  EXPECT_THAT(windows[2].token_type_ids, ElementsAre(0, 0, 1));
  EXPECT_EQ(windows[0].start_position, 1);
  EXPECT_EQ(windows[0].end_position, 3);
}

TEST(WindowFile, contents_that_are_no_windows_are_refused_by_window) {
  SmallFile file;
  file.mask[1] = 0;
  EXPECT_THAT(error_of(file), HasSubstr("window 0: attention_mask is not ones followed by zeros"));
  file = {};
  file.starts[1] = 2;
  EXPECT_THAT(error_of(file), HasSubstr("window 1: an answer position lies outside"));
  file = {};
  file.ends[0] = 0;
  EXPECT_THAT(error_of(file), HasSubstr("window 0: the answer ends before its start"));
  file = {};
  file.starts_dtype = "F32";
  EXPECT_THAT(error_of(file), HasSubstr("\"start_positions\" must be I32"));
  EXPECT_THROW(read_window_file("none.safetensors"), checkpoint::SafetensorsError);
}

}  // namespace
}  // namespace model
