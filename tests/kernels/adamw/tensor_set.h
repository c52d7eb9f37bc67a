#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/adamw/adamw.h"
#include "kernels/adamw/split_master.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"

namespace kernels::testing {

/// Parameters of the given sizes between guard bytes, with gradients and state; every second one
/// decays. The same sizes give the same values in every type.
template <class T>
class TensorSet {
 public:
  explicit TensorSet(const std::vector<int64_t>& sizes) {
    for (const int64_t size : sizes) buffers_.emplace_back(size, static_cast<uint32_t>(size) + 1);
  }

  /// New gradients, some of them 0.
  void draw_gradients(uint32_t seed) {
    for (Buffers& buffer : buffers_) {
      buffer.gradient = uniform<T>(static_cast<int64_t>(buffer.gradient.size()), seed++);
      for (size_t i = 0; i < buffer.gradient.size(); i += 5) buffer.gradient[i] = T{};
    }
  }

  std::vector<AdamWTensor<T>> tensors() {
    std::vector<AdamWTensor<T>> list;
    for (Buffers& buffer : buffers_) {
      list.push_back({buffer.value.data(), buffer.low_data(), buffer.first.data(),
                      buffer.second.data(), buffer.gradient.data(),
                      static_cast<int64_t>(buffer.gradient.size()), list.size() % 2 == 0});
    }
    return list;
  }

  std::vector<T>& gradient(size_t index) { return buffers_.at(index).gradient; }

  /// Masters and moments of all tensors, one behind the other.
  Outputs state() {
    Outputs all = {{"master", {}}, {"first_moment", {}}, {"second_moment", {}}};
    for (Buffers& buffer : buffers_) {
      EXPECT_TRUE(buffer.value.intact() && buffer.low.intact() && buffer.first.intact() &&
                  buffer.second.intact());
      append(all["master"], buffer.masters());
      append(all["first_moment"], buffer.first.values());
      append(all["second_moment"], buffer.second.values());
    }
    return all;
  }

 private:
  static constexpr bool kSplit = std::is_same_v<T, bfloat16>;

  struct Buffers {
    Buffers(int64_t size, uint32_t seed)
        : value(size),
          low(kSplit ? size : 0),
          first(size),
          second(size),
          gradient(static_cast<size_t>(size)) {
      const std::vector<bfloat16> start = uniform<bfloat16>(size, seed);
      std::transform(start.begin(), start.end(), value.data(),
                     [](bfloat16 x) { return from_double<T>(to_double(x)); });
      std::fill_n(low.data(), kSplit ? size : 0, bfloat16{});
      std::fill_n(first.data(), size, Moment<T>{});
      std::fill_n(second.data(), size, Moment<T>{});
    }

    int16_t* low_data() { return kSplit ? reinterpret_cast<int16_t*>(low.data()) : nullptr; }

    std::vector<double> masters() {
      if constexpr (kSplit) {
        std::vector<double> joined;
        for (size_t i = 0; i < gradient.size(); ++i) {
          joined.push_back(static_cast<double>(join_master(value.data()[i], low_data()[i])));
        }
        return joined;
      } else {
        return value.values();
      }
    }

    Guarded<T> value;
    Guarded<bfloat16> low;  ///< guards for 16-bit values; their type does not matter
    Guarded<Moment<T>> first;
    Guarded<Moment<T>> second;
    std::vector<T> gradient;
  };

  static void append(std::vector<double>& to, const std::vector<double>& values) {
    to.insert(to.end(), values.begin(), values.end());
  }

  std::vector<Buffers> buffers_;
};

/// Sizes around those of vectors, and enough elements in all for threads to share.
inline const std::vector<int64_t> kMixedSizes = {1000, 0, 1, 17, 40000, 15, 33, 0, 5003, 16, 2, 0};

}  // namespace kernels::testing
