#include "harness/plan/cell_groups.h"

#include <fmt/format.h>

namespace harness {
namespace {

/// The axes that every kind of group keeps together.
std::string common_key(const Cell& cell) {
  std::string key = fmt::format("{}|{}", cell.sequence_length, cell.precision);
  for (const auto& [name, value] : cell.model_axes) {
    key += "|" + value;
  }
  return key;
}

}  // namespace

std::string comparison_key(const Cell& cell) {
  return fmt::format("{}|{}", common_key(cell), cell.micro_batch);
}

std::string ladder_key(const Cell& cell) {
  return fmt::format("{}|{}|{}", common_key(cell), cell.optimizer, cell.implementation);
}

std::string series_key(const Cell& cell) {
  return fmt::format("{}|{}", ladder_key(cell), cell.flags_text());
}

}  // namespace harness
