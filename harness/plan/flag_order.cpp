#include "harness/plan/flag_order.h"

namespace harness {

RecomputeCost recompute_cost(const Catalog& catalog, const Cell& cell) {
  const int64_t intermediate = cell.micro_batch * cell.sequence_length * cell.model.intermediate;
  const int64_t attention =
      cell.micro_batch * cell.model.heads * cell.sequence_length * cell.sequence_length;
  RecomputeCost cost{false, 0, cell.flags.size()};
  for (const std::string& flag : cell.flags) {
    switch (catalog.find_flag(flag)->recompute) {
      case Recompute::kNothing:
        break;
      case Recompute::kIntermediate:
        cost.elements += intermediate;
        break;
      case Recompute::kAttention:
        cost.elements += attention;
        break;
      case Recompute::kAttentionTwice:
        cost.elements += 2 * attention;
        break;
      case Recompute::kLayer:
        cost.whole_layer = true;
        break;
    }
  }
  return cost;
}

std::function<bool(const Cell&, const Cell&)> cheaper_flags(const Catalog& catalog) {
  return [catalog](const Cell& a, const Cell& b) {
    return recompute_cost(catalog, a) < recompute_cost(catalog, b);
  };
}

}  // namespace harness
