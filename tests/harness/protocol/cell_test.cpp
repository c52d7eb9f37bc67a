#include "harness/protocol/cell.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

json cell_json() {
  json document;
  to_json(document, sample_cell());
  return document;
}

TEST(Cell, survives_json_text) {
  Cell cell;
  from_json(json::parse(cell_json().dump()), cell);
  EXPECT_EQ(cell, sample_cell());
}

TEST(Cell, writes_every_axis_at_the_top) {
  const json document = cell_json();
  EXPECT_EQ(document["layers"], 2);
  EXPECT_EQ(document["gelu"], "tanh");
  EXPECT_EQ(document["flags"], json({"normalize_invertible", "gelu_checkpoint"}));
  EXPECT_EQ(document["micro_batch"], 6);
}

TEST(Cell, no_limit_is_null) {
  Cell cell = sample_cell();
  cell.device.memory_limit_bytes.reset();
  json document;
  to_json(document, cell);
  EXPECT_TRUE(document["device"]["memory_limit_bytes"].is_null());
  Cell back;
  from_json(document, back);
  EXPECT_EQ(back, cell);
  EXPECT_FALSE(back.device.usable_bytes().has_value());
}

TEST(Cell, carries_a_worker_of_its_own_only_where_it_has_one) {
  EXPECT_FALSE(cell_json().contains("worker"));
  Cell cell = sample_cell();
  cell.worker = {"python3", "/w.py"};
  json document;
  to_json(document, cell);
  EXPECT_EQ(document["worker"], json({"python3", "/w.py"}));
  Cell back;
  from_json(document, back);
  EXPECT_EQ(back, cell);
  document["worker"] = json::array();
  EXPECT_THAT(read_error<Cell>(document), StartsWith("/worker: names no program"));
  document["worker"] = {"python3", 1};
  EXPECT_THAT(read_error<Cell>(document), StartsWith("/worker/1: expected a string"));
}

TEST(Cell, names_the_path_of_a_nested_error) {
  json document = cell_json();
  document["model"]["layers"] = 1.5;
  EXPECT_THAT(read_error<Cell>(document), StartsWith("/model/layers: expected an integer"));
  document = cell_json();
  document["flags"][1] = 7;
  EXPECT_THAT(read_error<Cell>(document), StartsWith("/flags/1: expected a string"));
}

TEST(Cell, refuses_a_top_level_key_that_is_no_model_scalar) {
  json document = cell_json();
  document["colour"] = "red";
  EXPECT_EQ(read_error<Cell>(document), "/colour: unknown key");
  document = cell_json();
  document["layers"] = json::array({1});
  EXPECT_EQ(read_error<Cell>(document), "/layers: expected a string or a number");
}

TEST(Cell, refuses_an_empty_micro_batch) {
  json document = cell_json();
  document["micro_batch"] = 0;
  EXPECT_EQ(read_error<Cell>(document), "/micro_batch: must be at least 1");
}

TEST(Cell, accumulates_up_to_the_global_batch_rounding_up) {
  Cell cell = sample_cell();
  cell.global_batch = 24;
  cell.micro_batch = 7;
  EXPECT_EQ(cell.accumulation_steps(), 4);
  EXPECT_EQ(cell.sequences_per_step(), 28);
  cell.micro_batch = 32;
  EXPECT_EQ(cell.accumulation_steps(), 1);
  EXPECT_EQ(cell.sequences_per_step(), 32);
}

TEST(Cell, tells_its_axes_as_text) {
  const Cell cell = sample_cell();
  EXPECT_EQ(cell.axis_text("micro_batch"), "6");
  EXPECT_EQ(cell.axis_text("flags"), "normalize_invertible+gelu_checkpoint");
  EXPECT_EQ(cell.axis_text("layers"), "2");
  EXPECT_THROW(cell.axis_text("hidden"), std::invalid_argument);
  EXPECT_EQ(Cell{}.flags_text(), "none");
}

TEST(Cell, usable_bytes_lose_what_is_reserved) {
  EXPECT_EQ(sample_cell().device.usable_bytes(), (int64_t{1} << 34) - (int64_t{1} << 30));
}

TEST(CellKey, is_sixteen_hex_digits_that_change_with_any_field) {
  const Cell cell = sample_cell();
  Cell other = cell;
  EXPECT_THAT(cell_key(cell), testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(cell_key(cell), cell_key(other));
  EXPECT_EQ(cell_key(cell), cell_key(nlohmann::json(cell)));
  other.measure.seed = 1;
  EXPECT_NE(cell_key(cell), cell_key(other));
}

}  // namespace
}  // namespace harness
