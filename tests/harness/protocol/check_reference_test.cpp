#include "harness/protocol/check_reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

CheckReference sample_reference() {
  return {sample_cell().model, {{"loss", 5e-6, "loss"}, {"key.bias", 1e-5, "loss"}}};
}

TEST(CheckReference, survives_json_text) {
  const json document = sample_reference();
  EXPECT_EQ(json::parse(document.dump()).get<CheckReference>(), sample_reference());
}

TEST(CheckReference, names_the_path_of_what_cannot_be) {
  const std::pair<const char*, json> bad[] = {
      {"/model/layers", "two"},
      {"/tensors/0/tolerance", 0},
      {"/tensors/1/relative_to", "a tensor that is not there"},
      {"/tensors/1/surprise", 1},
  };
  for (const auto& [path, value] : bad) {
    json document = sample_reference();
    document[json::json_pointer(path)] = value;
    EXPECT_THAT(read_error<CheckReference>(document), StartsWith(path));
  }
}

}  // namespace
}  // namespace harness
