#include "worker/trace/chrome_trace.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker {
namespace {

namespace fs = std::filesystem;

TEST(ChromeTrace, is_written_alone_and_as_json) {
  const fs::path folder = fs::path(testing::TempDir()) / "chrome_trace";
  fs::remove_all(folder);
  fs::create_directories(folder);
  write_trace(folder / "trace.json", {{"name", "not UTF-8: \xFF"}});
  std::ifstream stream(folder / "trace.json");
  EXPECT_EQ(nlohmann::json::parse(stream).at("name"), "not UTF-8: \uFFFD");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
  fs::remove_all(folder);
}

TEST(ChromeTrace, that_cannot_be_written_names_the_file_and_the_reason) {
  try {
    write_trace("no/such/trace.json", {});
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(),
                 "cannot write the trace no/such/trace.json: No such file or directory");
  }
}

}  // namespace
}  // namespace worker
