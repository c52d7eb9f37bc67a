#include "train/config/number_range.h"

#include <limits>

#include <fmt/format.h>

namespace train {
namespace {

/// Beyond it a number is infinite in fp32, in which training computes.
constexpr double kMost = std::numeric_limits<float>::max();

double require(const json::Node& node, bool holds, const char* range) {
  if (!holds) node.fail(fmt::format("expected a number {}, found {}", range, node.shown()));
  return node.number();
}

}  // namespace

double positive_number(const json::Node& node) {
  return require(node, node.number() > 0 && node.number() <= kMost,
                 "above 0 and within fp32's range");
}

double non_negative_number(const json::Node& node) {
  return require(node, node.number() >= 0 && node.number() <= kMost,
                 "of at least 0 and within fp32's range");
}

double number_below_one(const json::Node& node) {
  return require(node, node.number() >= 0 && node.number() < 1, "of at least 0 and below 1");
}

double proportion(const json::Node& node) {
  return require(node, node.number() >= 0 && node.number() <= 1, "from 0 to 1");
}

int64_t number_of_steps(const json::Node& node) {
  constexpr int64_t kMostSteps = 1'000'000'000'000;
  return node.integer(1, kMostSteps);
}

}  // namespace train
