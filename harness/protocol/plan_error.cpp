#include "harness/protocol/plan_error.h"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PlanError>
static void describe(Visitor& field, T& error) {
  field("peak", error.peak);
  field("reserved", error.reserved);
}

static double relative(int64_t measured, int64_t planned) {
  return static_cast<double>(measured - planned) / static_cast<double>(planned);
}

double PlanError::largest() const {
  return std::max(std::abs(peak), std::abs(reserved.value_or(0)));
}

std::optional<PlanError> plan_error(const std::optional<MemoryFootprint>& planned,
                                    const std::optional<MemoryFootprint>& measured) {
  if (!planned || !measured || planned->peak_bytes == 0) return std::nullopt;
  PlanError error;
  error.peak =
      relative(measured->peak_bytes - measured->library_scratch_bytes, planned->peak_bytes);
  if (measured->reserved_bytes && planned->reserved_bytes.value_or(0) > 0) {
    error.reserved = relative(*measured->reserved_bytes, *planned->reserved_bytes);
  }
  return error;
}

void to_json(nlohmann::json& json, const PlanError& error) {
  write_fields(json, error);
}
void from_json(const nlohmann::json& json, PlanError& error) {
  read_fields(json, error);
}

}  // namespace harness
