#include "model/epoch_order.h"

#include <numeric>
#include <random>
#include <utility>

namespace model {

EpochOrder::EpochOrder(int64_t size, uint64_t seed)
    : seed_(seed), order_(static_cast<size_t>(size)) {
  shuffle(0);
}

size_t EpochOrder::at(uint64_t position) const {
  const uint64_t epoch = position / order_.size();
  if (epoch != epoch_) shuffle(epoch);
  return order_[position % order_.size()];
}

void EpochOrder::shuffle(uint64_t epoch) const {
  std::mt19937_64 random(seed_ + epoch * kEpochSeedStep);
  std::iota(order_.begin(), order_.end(), size_t{0});
  for (size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random() % i]);
  epoch_ = epoch;
}

}  // namespace model
