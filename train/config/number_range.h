#pragma once

#include "json/node.h"

namespace train {

// Finite numbers of a configuration, within a range. Each throws json::Error where it is left.
double positive_number(const json::Node& node);
double non_negative_number(const json::Node& node);
/// In [0, 1).
double number_below_one(const json::Node& node);
/// In [0, 1].
double proportion(const json::Node& node);

}  // namespace train
