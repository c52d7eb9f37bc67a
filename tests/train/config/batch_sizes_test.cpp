#include "train/config/batch_sizes.h"

#include <string>

#include <gtest/gtest.h>

#include "json/error.h"

namespace train {
namespace {

struct Case {
  const char* keys;
  int64_t processes;
  BatchSizes sizes;
};

BatchSizes read(const std::string& keys, int64_t processes, const BatchOverrides& overrides = {}) {
  return read_batch_sizes(json::Node::parse("{" + keys + "}", "c.json"), processes, overrides);
}

std::string error_of(const std::string& keys, int64_t processes,
                     const BatchOverrides& overrides = {}) {
  try {
    read(keys, processes, overrides);
  } catch (const json::Error& error) {
    return error.what();
  }
  return "no error";
}

// As DeepSpeedConfig._set_batch_related_parameters resolves them.
TEST(BatchSizes, what_is_not_given_follows_from_the_rest) {
  const Case cases[] = {
      {R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3,
          "gradient_accumulation_steps": 8)",
       1,
       {24, 3, 8}},
      {R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3)", 1, {24, 3, 8}},
      {R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3)", 4, {24, 3, 2}},
      {R"("train_batch_size": 24, "gradient_accumulation_steps": 2)", 3, {24, 4, 2}},
      {R"("train_micro_batch_size_per_gpu": 3, "gradient_accumulation_steps": 2)", 3, {18, 3, 2}},
      {R"("train_batch_size": 24)", 2, {24, 12, 1}},
      {R"("train_micro_batch_size_per_gpu": 3)", 2, {6, 3, 1}},
  };
  for (const Case& item : cases) {
    const BatchSizes sizes = read(item.keys, item.processes);
    EXPECT_EQ(sizes.global, item.sizes.global) << item.keys;
    EXPECT_EQ(sizes.micro, item.sizes.micro) << item.keys;
    EXPECT_EQ(sizes.accumulation_steps, item.sizes.accumulation_steps) << item.keys;
  }
}

TEST(BatchSizes, a_product_that_is_not_the_global_batch_is_shown) {
  EXPECT_EQ(error_of(R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3,
                        "gradient_accumulation_steps": 8)",
                     2),
            "c.json: /train_batch_size: 24 is not 3 (train_micro_batch_size_per_gpu) x 8 "
            "(gradient_accumulation_steps) x 2 (processes) = 48; make both sides equal");
  EXPECT_EQ(error_of(R"("train_batch_size": 25, "train_micro_batch_size_per_gpu": 3)", 1),
            "c.json: /train_batch_size: 25 is not 3 (train_micro_batch_size_per_gpu) x 8 "
            "(gradient_accumulation_steps, which follows) x 1 (processes) = 24; make both sides "
            "equal");
  EXPECT_EQ(error_of(R"("train_batch_size": 24, "gradient_accumulation_steps": 5)", 2),
            "c.json: /train_batch_size: 24 is not 2 (train_micro_batch_size_per_gpu, which "
            "follows) x 5 (gradient_accumulation_steps) x 2 (processes) = 20; make both sides "
            "equal");
  EXPECT_NE(error_of(R"("train_batch_size": 2, "train_micro_batch_size_per_gpu": 3)", 1),
            "no error");
  EXPECT_NE(error_of(R"("train_batch_size": 2)", 3), "no error");
}

TEST(BatchSizes, overrides_stand_in_the_place_of_the_files_before_the_product_is_checked) {
  struct Override {
    const char* keys;
    int64_t processes;
    BatchOverrides overrides;
    BatchSizes sizes;
  };
  const char* const published = R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3)";
  const char* const all = R"("train_batch_size": 24, "train_micro_batch_size_per_gpu": 3,
                             "gradient_accumulation_steps": 8)";
  const Override cases[] = {
      {published, 6, {.micro = 4}, {24, 4, 1}},  // 24 is not 3 x 1 x 6
      {published, 2, {.global = 36, .micro = 6}, {36, 6, 3}},
      {published, 3, {.global = 36}, {36, 3, 4}},
      {all, 1, {.micro = 6}, {24, 6, 4}},
      {R"("train_micro_batch_size_per_gpu": 3)", 2, {.micro = 5}, {10, 5, 1}},
      {R"("gradient_accumulation_steps": 2)", 2, {.micro = 5}, {20, 5, 2}},
  };
  for (const Override& item : cases) {
    const BatchSizes sizes = read(item.keys, item.processes, item.overrides);
    EXPECT_EQ(sizes.global, item.sizes.global) << item.keys;
    EXPECT_EQ(sizes.micro, item.sizes.micro) << item.keys;
    EXPECT_EQ(sizes.accumulation_steps, item.sizes.accumulation_steps) << item.keys;
  }
  EXPECT_EQ(error_of(published, 1, {.micro = 5}),
            "c.json: /train_batch_size: 24 is not 5 (--train_micro_batch_size_per_gpu) x 4 "
            "(gradient_accumulation_steps, which follows) x 1 (processes) = 20; make both sides "
            "equal");
  EXPECT_EQ(error_of(published, 1, {.global = 25}),
            "c.json: 25 (--train_batch_size) is not 3 (train_micro_batch_size_per_gpu) x 8 "
            "(gradient_accumulation_steps, which follows) x 1 (processes) = 24; make both sides "
            "equal");
}

TEST(BatchSizes, sizes_that_are_none_are_refused) {
  EXPECT_EQ(error_of(R"("gradient_accumulation_steps": 8)", 1),
            "c.json: neither train_batch_size nor train_micro_batch_size_per_gpu is given; give "
            "one of them");
  for (const char* value : {"0", "-24", "24.0", "\"24\"", "\"auto\"", "null", "true", "1000001",
                            "9223372036854775808", "1e30"}) {
    for (const char* key :
         {"train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps"}) {
      const std::string line =
          error_of("\"" + std::string(key) + "\": " + value +
                       (std::string(key) == "train_batch_size" ? "" : ", \"train_batch_size\": 24"),
                   1);
      EXPECT_EQ(line.rfind(std::string("c.json: /") + key +
                               ": expected a whole number from 1 to 1000000, found ",
                           0),
                0U)
          << line;
    }
  }
}

TEST(BatchSizes, the_largest_product_is_a_number) {
  const BatchSizes sizes =
      read(R"("train_micro_batch_size_per_gpu": 1000000, "gradient_accumulation_steps": 1000000)",
           1000000);
  EXPECT_EQ(sizes.global, 1'000'000'000'000'000'000);
}

}  // namespace
}  // namespace train
