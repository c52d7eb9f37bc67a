#include "simulated/draws.h"

#include <cmath>
#include <string>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace simulated {
namespace {

Draws draws_of(const harness::Cell& cell, const std::string& key) {
  const std::string text =
      fmt::format("{}|{}|{}", cell.measure.seed, cell.device.simulated.value().stream, key);
  return Draws(XXH3_64bits(text.data(), text.size()));
}

}  // namespace

Draws draws_of_cell(const harness::Cell& cell, std::string_view purpose) {
  std::string key = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", purpose, cell.implementation,
                                cell.micro_batch, cell.sequence_length, cell.precision,
                                cell.optimizer, cell.flags_text(), cell.global_batch);
  for (const auto& axis : cell.model_axes) key += fmt::format("|{}={}", axis.first, axis.second);
  return draws_of(cell, key);
}

Draws draws_of_check(const harness::Cell& cell, std::string_view purpose) {
  return draws_of(cell,
                  fmt::format("{}|{}|{}|{}|{}|{}", purpose, cell.implementation, cell.flags_text(),
                              cell.precision, cell.model.layer_norm, cell.model.gelu));
}

bool happens(double probability, Draws& draws) {
  return std::generate_canonical<double, 53>(draws) < probability;
}

double log_normal(double sigma, Draws& draws) {
  return std::exp(sigma * std::normal_distribution<double>()(draws));
}

}  // namespace simulated
