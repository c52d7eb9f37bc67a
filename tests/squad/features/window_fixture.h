#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "squad/features/make_windows.h"

namespace squad {

/// A tiny vocabulary, a file of two questions in it, and an empty folder for the running test.
class WindowFixture : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string(test.test_suite_name()) + "_" + test.name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  /// Windows of 8 tokens: the first question has two, the second (to a paragraph of deleted
  /// characters) none.
  static Examples examples(Purpose purpose, const std::string& file = "q.json") {
    return parse_examples(
        R"({"data":[{"paragraphs":[
             {"context":"a b a c","qas":[
               {"id":"1","question":"who","answers":[{"text":"c","answer_start":6}]}]},
             {"context":"\u200b","qas":[
               {"id":"2","question":"who","answers":[{"text":"\u200b","answer_start":0}]}]}]}]})",
        file, purpose);
  }

  std::filesystem::path folder_;
  const Vocabulary vocabulary_{"[PAD]\n[UNK]\n[CLS]\n[SEP]\nwho\na\nb\nc\n", "tiny"};
  const Tokenizer tokenizer_{vocabulary_, true, Compat::kGoogle};
  const WindowOptions options_{.max_seq_length = 7, .doc_stride = 1, .max_query_length = 5};
};

}  // namespace squad
