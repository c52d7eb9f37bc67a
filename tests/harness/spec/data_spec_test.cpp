#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class DataSpecTest : public SpecFiles {};

TEST_F(DataSpecTest, refuses_missing_and_empty_files) {
  EXPECT_THAT(error_with("/data/file", R"("nowhere")"), StartsWith(" /data/file: no file "));
  write("empty.safetensors", "");
  EXPECT_THAT(error_with("/data/file", R"("empty.safetensors")"), HasSubstr("is empty; "));
  EXPECT_THAT(error_with("/data/source", R"("text")"), StartsWith(" /data/source: unknown data"));
}

TEST_F(DataSpecTest, refuses_a_cut_file) {
  const std::string whole = windows_file(2, 384);
  write("cut.safetensors", whole.substr(0, whole.size() - 1));
  EXPECT_THAT(error_with("/data/file", R"("cut.safetensors")"), StartsWith(" /data/file: "));
  write("cut.safetensors", whole.substr(0, 20));
  EXPECT_THAT(error_with("/data/file", R"("cut.safetensors")"), StartsWith(" /data/file: "));
}

TEST_F(DataSpecTest, refuses_files_that_hold_no_windows) {
  std::string other = windows_file(2, 384);
  other.replace(other.find("token_type_ids"), 14, "token_kind_ids");
  write("other.safetensors", other);
  EXPECT_THAT(error_with("/data/file", R"("other.safetensors")"), HasSubstr("token_type_ids"));
  write("none.safetensors", windows_file(0, 384));
  EXPECT_THAT(error_with("/data/file", R"("none.safetensors")"), HasSubstr("input_ids"));
}

TEST_F(DataSpecTest, refuses_sequences_longer_than_the_windows) {
  write("short.safetensors", windows_file(2, 128));
  EXPECT_THAT(error_with("/data/file", R"("short.safetensors")"),
              HasSubstr("have 128 tokens, fewer than the sequence length 384"));
}

TEST_F(DataSpecTest, refuses_token_ids_that_a_model_has_no_embedding_for) {
  write("windows.safetensors", windows_file(2, 384, 100, 1));
  EXPECT_EQ(error_with("/model/vocabulary", "101"), "");
  EXPECT_THAT(error_with("/model/vocabulary", "100"),
              StartsWith(" /model/vocabulary: the data have token id 100, which is not below 100"));
  EXPECT_THAT(error_with("/axes/vocabulary", "[200, 100]"), StartsWith(" /axes/vocabulary: "));
  EXPECT_EQ(error_with("/model/token_types", "2"), "");
  EXPECT_THAT(error_with("/model/token_types", "1"),
              StartsWith(" /model/token_types: the data have token type 1, which is not below 1"));
}

TEST_F(DataSpecTest, reads_no_ids_beyond_the_longest_sequence) {
  write("windows.safetensors", windows_file(2, 384, 100));
  auto document = smallest_document();
  document["model"]["vocabulary"] = 100;
  document["axes"]["sequence_length"] = {383, 128};
  EXPECT_EQ(error_of(document), "");
}

TEST_F(DataSpecTest, refuses_broken_masks_positions_and_ids) {
  const auto error_of_windows = [&](std::size_t from_end, char value) {
    std::string file = windows_file(1, 384);
    file[file.size() - from_end] = value;
    write("broken.safetensors", file);
    return error_with("/data/file", R"("broken.safetensors")");
  };
  // From the end: 384 token types, 384 of the mask, the end position, the start position, the ids.
  EXPECT_THAT(error_of_windows(384 + 10, 0), HasSubstr("window 0: attention_mask is not ones"));
  EXPECT_THAT(error_of_windows(384 + 1, 2), HasSubstr("window 0: attention_mask is not ones"));
  EXPECT_EQ(error_of_windows(384 + 1, 0), "");
  EXPECT_THAT(error_of_windows(2 * 384 + 3, 2),
              HasSubstr("answer position 512 is outside its 384"));
  EXPECT_THAT(error_of_windows(2 * 384 + 5, -1), HasSubstr("window 0: answer position -"));
  EXPECT_THAT(error_of_windows(2 * 384 + 8, 5),
              HasSubstr("window 0: the answer ends at position 0, before its start 5"));
  EXPECT_THAT(error_of_windows(2 * 384 + 9, -1), StartsWith(" /data/file: "));
  EXPECT_THAT(error_of_windows(2 * 384 + 9, -1), HasSubstr("window 0: token id -"));
}

class QuestionDataSpecTest : public SpecFiles {
 protected:
  QuestionDataSpecTest() {
    write("q.json", "{}");
    write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nword");
    document_["data"] = {{"source", "squad"}, {"file", "q.json"}, {"vocabulary", "vocab.txt"}};
  }
  std::string error_with(const std::string& key, const nlohmann::ordered_json& value) const {
    auto document = document_;
    document["data"][key] = value;
    return error_of(document);
  }

  nlohmann::ordered_json document_ = smallest_document();
};

TEST_F(QuestionDataSpecTest, names_two_files_and_has_the_published_defaults) {
  const DataSource data = read(document_).data;
  EXPECT_EQ(data.source, "squad");
  EXPECT_EQ(data.file, (folder_ / "q.json").string());
  EXPECT_EQ(data.questions.value(),
            (QuestionOptions{(folder_ / "vocab.txt").string(), false, 128, 64, "google"}));
}

TEST_F(QuestionDataSpecTest, says_how_questions_become_windows) {
  document_["data"].update(
      {{"do_lower_case", true}, {"doc_stride", 32}, {"max_query_length", 16}, {"compat", "bing"}});
  EXPECT_EQ(read(document_).data.questions.value(),
            (QuestionOptions{(folder_ / "vocab.txt").string(), true, 32, 16, "bing"}));
}

TEST_F(QuestionDataSpecTest, refuses_what_it_does_not_know_and_says_what_is_near) {
  EXPECT_THAT(error_with("do_lowercase", true),
              AllOf(StartsWith(" /data/do_lowercase: unknown key"), HasSubstr("do_lower_case")));
  EXPECT_THAT(error_with("compat", "bingo"),
              AllOf(StartsWith(" /data/compat: unknown text processing"), HasSubstr("bing")));
  EXPECT_THAT(error_with("source", "squid"),
              AllOf(StartsWith(" /data/source: unknown data source"), HasSubstr("squad")));
  EXPECT_THAT(error_with("source", "windows"), StartsWith(" /data/vocabulary: unknown key"));
}

TEST_F(QuestionDataSpecTest, refuses_impossible_values) {
  EXPECT_THAT(error_with("do_lower_case", "yes"),
              StartsWith(" /data/do_lower_case: expected true"));
  EXPECT_THAT(error_with("doc_stride", 0), StartsWith(" /data/doc_stride: expected an integer"));
  EXPECT_THAT(error_with("max_query_length", 1.5), StartsWith(" /data/max_query_length: expected"));
}

TEST_F(QuestionDataSpecTest, refuses_missing_and_empty_files) {
  EXPECT_THAT(error_with("file", "nowhere.json"), StartsWith(" /data/file: no file "));
  EXPECT_THAT(error_with("vocabulary", "nowhere.txt"), StartsWith(" /data/vocabulary: no file "));
  write("empty", "");
  EXPECT_THAT(error_with("file", "empty"), HasSubstr("is empty; "));
  EXPECT_THAT(error_with("vocabulary", "empty"), HasSubstr("is empty; "));
  auto document = document_;
  document["data"].erase("vocabulary");
  EXPECT_THAT(error_of(document), StartsWith(" /data/vocabulary: the key is required"));
}

TEST_F(QuestionDataSpecTest, refuses_models_smaller_than_the_vocabulary) {
  document_["model"]["vocabulary"] = 5;
  EXPECT_EQ(error_of(document_), "");
  document_["model"]["vocabulary"] = 4;
  EXPECT_THAT(error_of(document_), StartsWith(" /model/vocabulary: the data's vocabulary has token "
                                              "id 4, which is not below 4; set at least 5"));
  document_["model"]["vocabulary"] = 5;
  document_["model"]["token_types"] = 1;
  EXPECT_THAT(error_of(document_), StartsWith(" /model/token_types: "));
}

}  // namespace
}  // namespace harness
