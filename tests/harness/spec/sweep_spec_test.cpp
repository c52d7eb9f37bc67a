#include "harness/spec/sweep_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class SweepSpecTest : public SpecFiles {};

TEST_F(SweepSpecTest, reads_every_key_of_the_design_example) {
  const SweepSpec spec = read(v100_document());
  EXPECT_EQ(spec.name, "v100_32g");
  EXPECT_EQ(spec.file, folder_ / "sweep.json");
  EXPECT_EQ(spec.device, (Device{"cuda", 32 * kGiB, kGiB}));
  EXPECT_EQ(spec.data.file, (folder_ / "windows.safetensors").string());
  ASSERT_EQ(spec.models.size(), 1U);
  EXPECT_EQ(spec.models[0].shape, (ModelShape{"bert-large", 24, 1024, 16, 4096, 30522, 512, 2,
                                              1e-12, "post", "erf", 0.1, 0.1}));
  EXPECT_THAT(spec.implementations, ElementsAre("pytorch_eager", "pytorch_tuned", "fused"));
  EXPECT_THAT(spec.micro_batches, ElementsAre(4, 6, 12, 24, 32));
  EXPECT_THAT(spec.precisions, ElementsAre("fp16"));
  EXPECT_EQ(spec.flags.kind, FlagAxis::Kind::kCheapest);
  EXPECT_EQ(spec.global_batch, 24);
  ASSERT_EQ(spec.exclude.size(), 1U);
  EXPECT_THAT(spec.exclude[0].when,
              ElementsAre(std::pair<std::string, std::string>("implementation", "pytorch_eager"),
                          std::pair<std::string, std::string>("micro_batch", "32")));
  EXPECT_EQ(spec.baseline, "pytorch_eager");
  EXPECT_EQ(spec.measure, (Measure{6, 2, 10, 300, 0, 1}));
  EXPECT_THAT(spec.flag_table_limits, ElementsAre(16 * kGiB, 32 * kGiB));
  EXPECT_EQ(spec.published, folder_ / "published.csv");
  EXPECT_THAT(spec.varying_axes, ElementsAre("micro_batch"));
}

TEST_F(SweepSpecTest, fills_in_the_defaults_of_the_design) {
  const SweepSpec spec = read(smallest_document());
  EXPECT_THAT(spec.sequence_lengths, ElementsAre(384));
  EXPECT_THAT(spec.precisions, ElementsAre("fp32"));
  EXPECT_THAT(spec.optimizers, ElementsAre("adamw"));
  EXPECT_EQ(spec.flags.kind, FlagAxis::Kind::kSets);
  EXPECT_THAT(spec.flags.sets, ElementsAre(std::vector<std::string>{}));
  EXPECT_EQ(spec.device, (Device{"cpu", std::nullopt, 0}));
  EXPECT_FALSE(spec.global_batch.has_value());
  EXPECT_EQ(spec.baseline, "best");
  EXPECT_EQ(spec.measure, (Measure{6, 2, 10, 300, 0, 1}));
  EXPECT_TRUE(spec.published.empty());
  EXPECT_THAT(spec.varying_axes, ElementsAre());
}

TEST_F(SweepSpecTest, varying_axes_keep_the_order_of_the_file) {
  auto document = smallest_document();
  document["axes"] = nlohmann::ordered_json::parse(R"({
    "precision": ["fp32", "bf16"], "layers": [1, 2], "implementation": ["pytorch_eager", "fused"],
    "micro_batch": [4, 8], "hidden": [384]})");
  EXPECT_THAT(read(document).varying_axes, ElementsAre("precision", "layers", "micro_batch"));
}

TEST_F(SweepSpecTest, names_what_is_required) {
  for (const char* key : {"name", "device", "model", "data", "axes"}) {
    auto document = smallest_document();
    document.erase(key);
    EXPECT_THAT(error_of(document),
                HasSubstr("/" + std::string(key) + ": the key is required and missing; add it"));
  }
  EXPECT_THAT(error_with("/axes", R"({"micro_batch": [4]})"),
              HasSubstr("/axes/implementation: the key is required and missing"));
  EXPECT_THAT(error_with("/axes", R"({"implementation": ["fused"]})"),
              HasSubstr("/axes/micro_batch: the key is required and missing"));
  EXPECT_THAT(error_with("/device", "{}"), HasSubstr("/device/kind: the key is required"));
}

TEST_F(SweepSpecTest, suggests_the_nearest_key) {
  EXPECT_EQ(error_with("/mesure", "{}"), " /mesure: unknown key; did you mean 'measure'?");
  EXPECT_EQ(error_with("/axes/microbatch", "[4]"),
            " /axes/microbatch: unknown key; did you mean 'micro_batch'?");
  EXPECT_THAT(error_with("/device/zzzzzzzz", "1"),
              HasSubstr("known are kind, memory_limit, reserved"));
}

TEST_F(SweepSpecTest, errors_stay_one_line_whatever_the_file_says) {
  EXPECT_EQ(error_with("/a\nb", "{}").substr(0, 19), " /a?b: unknown key;");
  EXPECT_THAT(error_of_text("{\"a\\n\": 1, \"a\\n\": 1}"), StartsWith(" /a?: the key is given"));
  EXPECT_THAT(error_with("/data/file", "\"a\\nb\""), StartsWith(" /data/file: no file "));
}

TEST_F(SweepSpecTest, refuses_names_that_are_no_folder) {
  for (const char* name : {R"("")", R"("a/b")", R"("..")", R"(".hidden")", R"("-x")", R"("a b")",
                           R"("Übung")", R"("a\nb")", "7"}) {
    EXPECT_THAT(error_with("/name", name), StartsWith(" /name: ")) << name;
  }
  EXPECT_EQ(error_with("/name", R"("v1.2_x-y")"), "");
  EXPECT_THAT(error_with("/name", '"' + std::string(65, 'a') + '"'), StartsWith(" /name: "));
}

TEST_F(SweepSpecTest, checks_the_baseline) {
  EXPECT_THAT(error_with("/baseline", R"("pytorch_tuned")"),
              HasSubstr("/baseline: unknown baseline \"pytorch_tuned\""));
  auto document = smallest_document();
  document["axes"]["implementation"] = {"fused"};
  EXPECT_EQ(error_of(document), "");
  document["baseline"] = "best";
  EXPECT_THAT(error_of(document), HasSubstr("/baseline: \"best\" is the fastest pytorch_*"));
}

TEST_F(SweepSpecTest, refuses_a_published_file_that_is_not_there) {
  EXPECT_THAT(error_with("/published", R"("nowhere.csv")"), HasSubstr("/published: no file "));
}

TEST_F(SweepSpecTest, bounds_the_number_of_cells) {
  auto document = smallest_document();
  document["axes"]["micro_batch"] = nlohmann::ordered_json::array();
  for (int i = 1; i <= 50001; ++i) {
    document["axes"]["micro_batch"].push_back(i);
  }
  EXPECT_THAT(error_of(document), HasSubstr("/axes: the sweep has more than 100000 cells"));
  document["axes"]["micro_batch"].erase(50000);
  EXPECT_EQ(error_of(document), "");
}

TEST_F(SweepSpecTest, memory_limit_can_be_overridden) {
  SweepSpec spec = read(v100_document());
  override_memory_limit(spec, "16 GiB");
  EXPECT_EQ(spec.device.memory_limit_bytes, 16 * kGiB);
  EXPECT_THROW(override_memory_limit(spec, "1 GiB"), SpecError);
  EXPECT_THROW(override_memory_limit(spec, "16 GB"), SpecError);
}

}  // namespace
}  // namespace harness
