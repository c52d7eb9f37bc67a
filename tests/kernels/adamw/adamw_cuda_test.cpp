#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "kernels/adamw/split_master.h"
#include "tests/kernels/adamw/adamw_case.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

/// A TensorSet in the device's memory; `shift` elements from where packs can be moved at once.
template <class T>
class DeviceTensorSet {
 public:
  explicit DeviceTensorSet(const std::vector<int64_t>& sizes, size_t shift = 0) {
    TensorSet<T> start(sizes);
    for (const AdamWTensor<T>& tensor : start.tensors()) {
      buffers_.push_back(std::make_unique<Buffers>(tensor, shift));
    }
  }

  void update(const std::vector<std::vector<T>>& gradients, const AdamWStep& step,
              const float* device_scale = nullptr) {
    std::vector<AdamWTensor<T>> list;
    std::vector<std::unique_ptr<DeviceBuffer<T>>> on_device;
    for (size_t i = 0; i < buffers_.size(); ++i) {
      on_device.push_back(std::make_unique<DeviceBuffer<T>>("gradient", gradients[i]));
      list.push_back(buffers_[i]->tensor(on_device.back()->data()));
    }
    adamw(AdamW<T>{list, step, device_scale}, nullptr);
  }

  Outputs state() const {
    Outputs all = {{"master", {}}, {"first_moment", {}}, {"second_moment", {}}};
    for (const auto& buffers : buffers_) {
      append(all["master"], buffers->masters());
      append(all["first_moment"], doubles_of(buffers->first));
      append(all["second_moment"], doubles_of(buffers->second));
    }
    return all;
  }

  std::vector<T> values(size_t index) const { return buffers_[index]->value.values(); }

 private:
  static constexpr bool kSplit = std::is_same_v<T, bfloat16>;
  static constexpr bool kApart = std::is_same_v<T, float16>;

  struct Buffers {
    Buffers(const AdamWTensor<T>& start, size_t shift)
        : value("value", std::vector<T>(start.value, start.value + start.count), shift),
          low("low", std::vector<int16_t>(kSplit ? static_cast<size_t>(start.count) : 0), shift),
          master("master", floats_of(start), shift),
          first("first_moment", std::vector<float>(static_cast<size_t>(start.count)), shift),
          second("second_moment", std::vector<float>(static_cast<size_t>(start.count)), shift),
          count(start.count),
          decays(start.decays) {}

    static std::vector<float> floats_of(const AdamWTensor<T>& start) {
      std::vector<float> result;
      for (int64_t i = 0; kApart && i < start.count; ++i) {
        result.push_back(to_float(start.value[i]));
      }
      return result;
    }

    AdamWTensor<T> tensor(const T* gradient) {
      return {value.data(), kSplit ? low.data() : nullptr,
              first.data(), second.data(),
              gradient,     count,
              decays,       kApart ? master.data() : nullptr};
    }

    std::vector<double> masters() const {
      if constexpr (kApart) {
        return doubles_of(master);
      } else if constexpr (kSplit) {
        const std::vector<T> highs = value.values();
        const std::vector<int16_t> lows = low.values();
        std::vector<double> joined;
        for (size_t i = 0; i < highs.size(); ++i) {
          joined.push_back(static_cast<double>(join_master(highs[i], lows[i])));
        }
        return joined;
      } else {
        return doubles_of(value);
      }
    }

    DeviceBuffer<T> value;
    DeviceBuffer<int16_t> low;
    DeviceBuffer<float> master;
    DeviceBuffer<float> first;
    DeviceBuffer<float> second;
    int64_t count;
    bool decays;
  };

  static void append(std::vector<double>& to, const std::vector<double>& values) {
    to.insert(to.end(), values.begin(), values.end());
  }

  std::vector<std::unique_ptr<Buffers>> buffers_;
};

template <class T>
Outputs run(const std::vector<int64_t>& sizes, int64_t steps, AdamWStep step, size_t shift = 0) {
  DeviceTensorSet<T> set(sizes, shift);
  for (int64_t number = 1; number <= steps; ++number) {
    step.number = number;
    set.update(drawn_gradients<T>(sizes, number), step);
  }
  return set.state();
}

/// Around packs, and more than one block, of more tensors than one launch takes.
std::vector<int64_t> many_sizes() {
  std::vector<int64_t> sizes = {1000, 0, 1, 17, 9000, 15, 4096, 0, 4097, 16, 2, 0};
  for (int64_t size = 1; size <= 60; ++size) sizes.push_back(size);
  return sizes;
}

template <class T>
class AdamWCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(AdamWCuda, Dtypes);

TYPED_TEST(AdamWCuda, follows_the_reference_over_a_list_of_tensors) {
  AdamWStep step = step_of(1);
  step.gradient_scale = 0.37;
  check_emulated([&] { return run<TypeParam>(many_sizes(), 3, step); },
                 expected(many_sizes(), 3, step), fp32_tolerances(3), "many tensors");
}

TYPED_TEST(AdamWCuda, follows_the_reference_without_bias_correction) {
  AdamWStep step = step_of(1);
  step.bias_correction = false;
  check_emulated(
      [&] {
        return run<TypeParam>({300, 7}, 3, step);
      },
      expected({300, 7}, 3, step), fp32_tolerances(3), "no bias correction");
}

TYPED_TEST(AdamWCuda, gives_the_same_bits_wherever_its_arrays_begin) {
  expect_same(run<TypeParam>({1000}, 2, step_of(1), 1), run<TypeParam>({1000}, 2, step_of(1)),
              "shifted");
}

TYPED_TEST(AdamWCuda, takes_a_scale_from_the_device) {
  const DeviceBuffer<float> scale("scale", std::vector<float>{0.25F});
  const auto gradients = drawn_gradients<TypeParam>({300}, 1);
  AdamWStep step = step_of(1);
  DeviceTensorSet<TypeParam> on_device({300});
  on_device.update(gradients, step, scale.data());
  DeviceTensorSet<TypeParam> on_host({300});
  step.gradient_scale = 0.25;
  on_host.update(gradients, step);
  expect_same(on_device.state(), on_host.state(), "a scale of 1/4");
}

TYPED_TEST(AdamWCuda, a_gradient_that_is_not_finite_spoils_its_own_element) {
  for (const double spoiled : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    auto gradients = drawn_gradients<TypeParam>({70}, 1);
    gradients[0][37] = from_double<TypeParam>(spoiled);
    DeviceTensorSet<TypeParam> set({70});
    set.update(gradients, step_of(1));
    const Outputs state = set.state();
    for (size_t i = 0; i < 70; ++i) {
      EXPECT_EQ(std::isnan(state.at("master")[i]), i == 37);
      EXPECT_EQ(std::isfinite(state.at("second_moment")[i]), i != 37);
    }
  }
}

TYPED_TEST(AdamWCuda, weights_are_the_nearest_to_their_masters) {
  DeviceTensorSet<TypeParam> set({1000});
  set.update(drawn_gradients<TypeParam>({1000}, 1), step_of(1));
  const std::vector<double> masters = set.state().at("master");
  const std::vector<TypeParam> values = set.values(0);
  for (size_t i = 0; i < masters.size(); ++i) {
    // Of two that are equally near either will do: split_master.h has ties go away from 0.
    const double nearest = to_double(from_double<TypeParam>(masters[i]));
    EXPECT_LE(std::abs(to_double(values[i]) - masters[i]), std::abs(nearest - masters[i]));
  }
}

/// Every upper half with lower halves around which rounding changes. With gradients and moments of
/// 0 an update leaves all masters alone.
TEST(AdamWMasters, splits_masters_as_the_cpu_does_bit_for_bit) {
  std::vector<SplitMaster> masters;
  for (uint32_t high = 0; high < 0x10000; high += 3) {
    for (const uint32_t low : {0U, 1U, 0x7fffU, 0x8000U, 0x8001U, 0xffffU}) {
      masters.push_back(split_master(std::bit_cast<float>(high << 16 | low)));
    }
  }
  std::vector<bfloat16> value;
  std::vector<int16_t> low;
  for (const SplitMaster& master : masters) {
    value.push_back(master.high);
    low.push_back(master.low);
  }
  DeviceBuffer<bfloat16> values("value", value);
  DeviceBuffer<int16_t> lows("low", low);
  DeviceBuffer<float> first("first_moment", std::vector<float>(masters.size()));
  DeviceBuffer<float> second("second_moment", std::vector<float>(masters.size()));
  const DeviceBuffer<bfloat16> gradient("gradient", std::vector<bfloat16>(masters.size()));
  const AdamWTensor<bfloat16> tensor = {
      values.data(), lows.data(),     first.data(),
      second.data(), gradient.data(), static_cast<int64_t>(masters.size()),
      false};
  adamw(AdamW<bfloat16>{{&tensor, 1}, step_of(1)}, nullptr);
  const std::vector<bfloat16> values_after = values.values();
  const std::vector<int16_t> lows_after = lows.values();
  for (size_t i = 0; i < masters.size(); ++i) {
    ASSERT_EQ(values_after[i].bits, masters[i].high.bits) << i;
    ASSERT_EQ(lows_after[i], masters[i].low) << i;
  }
}

}  // namespace
}  // namespace kernels::testing
