#pragma once

#include <cstdint>

#include "json/node.h"

namespace train {

// Numbers of a configuration, within a range. Each throws json::Error where it is left.
double positive_number(const json::Node& node);
double non_negative_number(const json::Node& node);
/// In [0, 1).
double number_below_one(const json::Node& node);
/// In [0, 1].
double proportion(const json::Node& node);
/// A whole number from 1 to 10^12.
int64_t number_of_steps(const json::Node& node);

}  // namespace train
