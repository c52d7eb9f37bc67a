#include "squad/features/window_file.h"

#include <cstring>

#include "checkpoint/safetensors.h"
#include "squad/squad_error.h"
#include "tests/squad/features/window_fixture.h"

namespace squad {
namespace {

using checkpoint::SafetensorsFile;

template <class T>
std::vector<int> elements(const SafetensorsFile& file, const char* name) {
  const auto bytes = file.bytes(file.header().at(name));
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return {values.begin(), values.end()};
}

class WindowFile : public WindowFixture {};

TEST_F(WindowFile, windows_are_padded_and_positions_are_raw) {
  const std::filesystem::path path = folder_ / "w.safetensors";
  const WindowOptions options{.max_seq_length = 7, .doc_stride = 2, .max_query_length = 5};
  write_window_file(path, make_windows(examples(Purpose::kTraining), tokenizer_, options),
                    {{"source", "test"}});
  const SafetensorsFile file(path);
  EXPECT_EQ(file.header().metadata.at("source"), "test");
  EXPECT_EQ(file.header().at("input_ids").shape, (std::vector<int64_t>{2, 7}));
  EXPECT_EQ(elements<int32_t>(file, "input_ids"),
            (std::vector<int>{2, 4, 3, 5, 6, 5, 3, 2, 4, 3, 5, 7, 3, 0}));
  EXPECT_EQ(elements<uint8_t>(file, "attention_mask"),
            (std::vector<int>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0}));
  EXPECT_EQ(elements<uint8_t>(file, "token_type_ids"),
            (std::vector<int>{0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0}));
  EXPECT_EQ(elements<int32_t>(file, "start_positions"), (std::vector<int>{0, 4}));
  EXPECT_EQ(elements<int32_t>(file, "end_positions"), (std::vector<int>{0, 4}));
  EXPECT_EQ(elements<int32_t>(file, "feature_index"), (std::vector<int>{0, 1}));
}

TEST_F(WindowFile, windows_for_prediction_have_no_positions) {
  const std::filesystem::path path = folder_ / "w.safetensors";
  write_window_file(path, make_windows(examples(Purpose::kPrediction), tokenizer_, options_), {});
  const SafetensorsFile file(path);
  EXPECT_EQ(file.header().tensors.size(), 4U);
  EXPECT_EQ(file.header().find("start_positions"), nullptr);
}

TEST_F(WindowFile, nothing_is_written_where_there_is_no_window) {
  EXPECT_THROW(write_window_file(folder_ / "w.safetensors", {}, {}), SquadError);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace squad
