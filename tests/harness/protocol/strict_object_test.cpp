#include "harness/protocol/strict_object.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/protocol/model_shape.h"
#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

json shape_json() {
  json document;
  to_json(document, sample_cell().model);
  return document;
}

TEST(StrictObject, reads_what_was_written) {
  ModelShape shape;
  from_json(shape_json(), shape);
  EXPECT_EQ(shape, sample_cell().model);
}

TEST(StrictObject, names_the_unknown_key) {
  json document = shape_json();
  document["layerz"] = 1;
  EXPECT_EQ(read_error<ModelShape>(document), "/layerz: unknown key");
}

TEST(StrictObject, names_the_missing_key) {
  json document = shape_json();
  document.erase("heads");
  EXPECT_EQ(read_error<ModelShape>(document), "/heads: missing key");
}

TEST(StrictObject, refuses_a_fraction_where_an_integer_stands) {
  for (const json& bad : {json(2.0), json(2.5), json("2"), json(true), json(nullptr),
                          json(std::numeric_limits<uint64_t>::max())}) {
    json document = shape_json();
    document["layers"] = bad;
    EXPECT_THAT(read_error<ModelShape>(document), StartsWith("/layers: expected an integer"))
        << bad;
  }
}

TEST(StrictObject, refuses_other_kinds_where_a_string_or_number_stands) {
  json document = shape_json();
  document["gelu"] = 1;
  EXPECT_THAT(read_error<ModelShape>(document), StartsWith("/gelu: expected a string, got 1"));
  document = shape_json();
  document["layer_norm_eps"] = "1e-12";
  EXPECT_THAT(read_error<ModelShape>(document), StartsWith("/layer_norm_eps: expected a finite"));
}

TEST(StrictObject, refuses_numbers_that_are_not_finite) {
  json document = shape_json();
  document["layer_norm_eps"] = std::numeric_limits<double>::infinity();
  EXPECT_THAT(read_error<ModelShape>(document), StartsWith("/layer_norm_eps: expected a finite"));
  ModelShape shape = sample_cell().model;
  shape.hidden_dropout = std::numeric_limits<double>::quiet_NaN();
  json written;
  EXPECT_THROW(to_json(written, shape), ProtocolError);
}

TEST(StrictObject, refuses_what_is_not_an_object) {
  EXPECT_THAT(read_error<ModelShape>(json::array()), HasSubstr("expected an object, got []"));
}

TEST(StrictObject, accepts_an_integer_where_a_number_stands) {
  json document = shape_json();
  document["hidden_dropout"] = 0;
  EXPECT_EQ(read_error<ModelShape>(document), "");
}

}  // namespace
}  // namespace harness
