#include "harness/analysis/cell_label.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"

namespace harness {
namespace {

/// A cell of another sweep may lack an axis over the model.
bool has_axis(const Cell& cell, const std::string& axis) {
  const auto is_axis = [&](const auto& entry) { return entry.first == axis; };
  return !is_model_axis(axis) ||
         std::any_of(cell.model_axes.begin(), cell.model_axes.end(), is_axis);
}

}  // namespace

std::string cell_label(const Cell& cell, const std::vector<std::string>& axes) {
  auto text = fmt::format("{} {} mb {} {}", cell.implementation, cell.model.preset,
                          cell.micro_batch, cell.precision);
  for (const auto& axis : axes) {
    if (axis != "implementation" && axis != "micro_batch" && axis != "precision" &&
        axis != "flags" && has_axis(cell, axis)) {
      text += fmt::format(" {} {}", axis, cell.axis_text(axis));
    }
  }
  return cell.flags.empty() ? text : text + " " + cell.flags_text();
}

std::vector<std::string> joined_axes(const std::vector<std::string>& a,
                                     const std::vector<std::string>& b) {
  std::vector<std::string> axes = a;
  for (const auto& axis : b) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) axes.push_back(axis);
  }
  return axes;
}

}  // namespace harness
