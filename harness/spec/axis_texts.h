#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// Every axis of a sweep by name, with the texts of its values as Cell::axis_text() gives them:
/// what `exclude` rules and filters may name. Flag sets that several implementations have stand
/// there several times.
using AxisTexts = std::map<std::string, std::vector<std::string>>;

/// Of a sweep whose axes have been read.
AxisTexts axis_texts(const SweepSpec& spec, const Catalog& catalog);

/// The names of the axes, as suggest() takes them.
std::vector<std::string> axis_names(const AxisTexts& texts);

}  // namespace harness
