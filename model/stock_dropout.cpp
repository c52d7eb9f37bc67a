#include "model/stock_dropout.h"

#include <tuple>

namespace model {

at::Tensor StockDropout::apply(const at::Tensor& input, double p, const DropoutKey&,
                               const SequenceLayout&) const {
  if (p <= 0) return input;
  if (path_ == Path::kDispatch) return at::dropout(input, p, /*train=*/true);
  return std::get<0>(at::native_dropout(input, p, /*train=*/true));
}

}  // namespace model
