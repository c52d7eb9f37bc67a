#include "harness/spec/implementation_axis.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/expand.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ImplementationAxisTest : public SpecFiles {
 protected:
  ImplementationAxisTest() {
    write("worker.sh", "#!/bin/sh\n");
    std::filesystem::permissions(folder_ / "worker.sh", std::filesystem::perms::owner_all);
    write("script.py", "print()\n");
  }

  static nlohmann::ordered_json with_foreign(const std::string& foreign) {
    auto document = smallest_document();
    document["axes"]["implementation"].push_back(nlohmann::ordered_json::parse(foreign));
    return document;
  }
  std::string error_of_foreign(const std::string& foreign) const {
    return error_of(with_foreign(foreign));
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
};

TEST_F(ImplementationAxisTest, a_foreign_implementation_brings_its_worker) {
  const auto spec = read(with_foreign(R"({"name": "mine", "worker": ["worker.sh", "--fast"]})"));
  EXPECT_THAT(spec.implementations, ElementsAre("pytorch_eager", "fused", "mine"));
  ASSERT_EQ(spec.workers.size(), 1U);
  EXPECT_THAT(spec.workers.at("mine"), ElementsAre(path("worker.sh"), "--fast"));
}

TEST_F(ImplementationAxisTest, programs_are_found_in_path_and_files_beside_the_sweep) {
  const auto spec =
      read(with_foreign(R"({"name": "mine", "worker": ["sh", "script.py", "no_file.py"]})"));
  EXPECT_THAT(spec.workers.at("mine"),
              ElementsAre(testing::EndsWith("/sh"), path("script.py"), "no_file.py"));
}

TEST_F(ImplementationAxisTest, may_be_the_baseline_and_be_excluded) {
  auto document = with_foreign(R"({"name": "mine", "worker": ["worker.sh"]})");
  document["baseline"] = "mine";
  document["exclude"] = nlohmann::ordered_json::parse(
      R"([{"when": {"implementation": "mine", "micro_batch": 4}, "reason": "why"}])");
  const auto spec = read(document);
  EXPECT_EQ(spec.baseline, "mine");
  EXPECT_EQ(spec.exclude[0].when.at("implementation"), "mine");
}

TEST_F(ImplementationAxisTest, its_cells_carry_the_worker_and_have_no_flags) {
  auto document = with_foreign(R"({"name": "mine", "worker": ["worker.sh"]})");
  document["axes"]["flags"] = "all";
  int foreign = 0;
  for (const auto& cell : expand(read(document), sample_catalog())) {
    EXPECT_EQ(cell.worker.empty(), cell.implementation != "mine");
    if (cell.implementation != "mine") continue;
    ++foreign;
    EXPECT_THAT(cell.worker, ElementsAre(path("worker.sh")));
    EXPECT_TRUE(cell.flags.empty());
  }
  EXPECT_EQ(foreign, 1);
}

TEST_F(ImplementationAxisTest, refuses_what_is_no_implementation) {
  const std::string at = " /axes/implementation/2";
  EXPECT_THAT(error_of_foreign(R"({"worker": ["worker.sh"]})"), StartsWith(at + "/name: the key"));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine"})"), StartsWith(at + "/worker: the key"));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": ["sh"], "flags": []})"),
              StartsWith(at + "/flags: unknown key"));
  EXPECT_THAT(error_of_foreign(R"({"name": "My/own", "worker": ["sh"]})"),
              StartsWith(at + "/name: \"My/own\" cannot be the name"));
  EXPECT_THAT(error_of_foreign(R"({"name": "fused", "worker": ["sh"]})"),
              StartsWith(at + "/name: \"fused\" is an implementation of bench_sweep's own"));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": []})"),
              StartsWith(at + "/worker: the array is empty"));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": "sh"})"),
              StartsWith(at + "/worker: expected an array"));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": ["no_such_program"]})"),
              StartsWith(at + "/worker/0: there is no program \"no_such_program\""));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": ["script.py"]})"),
              AllOf(StartsWith(at + "/worker/0: "), HasSubstr("may not be executed")));
  EXPECT_THAT(error_of_foreign(R"({"name": "mine", "worker": ["sh", 7]})"),
              StartsWith(at + "/worker/1: expected a string"));
  auto document = with_foreign(R"({"name": "mine", "worker": ["sh"]})");
  document["axes"]["implementation"].push_back(document["axes"]["implementation"].back());
  EXPECT_THAT(error_of(document), HasSubstr("is given twice"));
}

}  // namespace
}  // namespace harness
