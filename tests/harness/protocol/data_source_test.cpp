#include "harness/protocol/data_source.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;

DataSource questions() {
  return {"squad", "/data/q.json", QuestionOptions{"/data/vocab.txt", true, 32, 16, "bing"}};
}

TEST(DataSource, survives_json_text) {
  for (const DataSource& data : {questions(), DataSource{"windows", "/data/w.safetensors"}}) {
    EXPECT_EQ(json::parse(json(data).dump()).get<DataSource>(), data);
  }
}

// A cell is known by the hash of its JSON: records of earlier runs keep theirs.
TEST(DataSource, windows_have_no_keys_but_source_and_file) {
  EXPECT_EQ(json(DataSource{"windows", "/data/w.safetensors"}),
            json({{"source", "windows"}, {"file", "/data/w.safetensors"}}));
}

TEST(DataSource, says_all_about_questions_in_one_object) {
  json document = json(questions());
  EXPECT_EQ(document["vocabulary"], "/data/vocab.txt");
  EXPECT_EQ(document["doc_stride"], 32);
  document.erase("compat");
  EXPECT_EQ(read_error<DataSource>(document), "/compat: missing key");
}

TEST(DataSource, refuses_what_the_other_source_has) {
  json document = json(questions());
  document["source"] = "windows";
  EXPECT_NE(read_error<DataSource>(document).find("unknown key"), std::string::npos);
}

}  // namespace
}  // namespace harness
