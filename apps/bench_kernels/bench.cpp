#include "apps/bench_kernels/bench.h"

#include <fmt/format.h>

#include "apps/bench_kernels/agreement.h"

namespace apps {

std::string case_name(const Operator& op, const Setting& setting) {
  return fmt::format("{}/{}/{}", op.name, setting.precision(), setting.model);
}

const Case& Bench::prepare(const Operator& op, const Setting& setting) {
  const std::string name = case_name(op, setting);
  if (name == prepared_) return *case_;
  case_.reset();
  prepared_.clear();
  Setting without_dropout = setting;
  without_dropout.dropout = 0;
  Setting in_float = without_dropout;
  in_float.dtype = at::kFloat;
  require_agreement(name, op.make(without_dropout), op.make(in_float).torch(), setting.dtype);
  case_ = op.make(setting);
  prepared_ = name;
  return *case_;
}

}  // namespace apps
