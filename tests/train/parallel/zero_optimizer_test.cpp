#include "train/parallel/zero_optimizer.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/optimizer/fused_adamw.h"
#include "tests/train/parallel/processes.h"
#include "train/optimizer.h"

namespace train {
namespace {

/// One large table and small ones besides, as a BERT with few layers has them.
std::vector<model::Parameter> parameters(at::ScalarType dtype = at::kFloat) {
  at::manual_seed(3);
  std::vector<model::Parameter> all;
  for (const auto& [name, rows, columns] :
       {std::tuple{"table", 101, 7}, {"weight", 7, 7}, {"bias", 1, 7}, {"norm", 1, 1}}) {
    all.push_back({name, at::randn({rows, columns}).to(dtype).requires_grad_(true), rows > 1});
  }
  return all;
}

void set_gradients(const std::vector<model::Parameter>& parameters, int step) {
  at::manual_seed(static_cast<uint64_t>(10 + step));
  for (const auto& parameter : parameters) {
    parameter.tensor.mutable_grad() =
        at::randn(parameter.tensor.sizes()).to(parameter.tensor.scalar_type());
  }
}

const model::AdamWOptions kOptions{.learning_rate = 0.01, .weight_decay = 0.1};

template <class Optimizer = AdamW>
ZeroOptimizer zero(const std::vector<model::Parameter>& all) {
  const auto make = [](std::vector<model::Parameter> own) {
    return std::make_unique<Optimizer>(std::move(own), kOptions);
  };
  return ZeroOptimizer(all, make, processes::all());
}

int64_t elements(const std::vector<model::StateTensor>& state) {
  int64_t count = 0;
  for (const auto& [name, tensor] : state) count += tensor.numel();
  return count;
}

TEST(Partition, covers_every_element_once_in_parts_that_differ_by_one_at_most) {
  const auto all = parameters();
  int64_t total = 0;
  for (const auto& each : all) total += each.tensor.numel();
  for (const int count : {1, 2, 3, 4, 7, 764, 1000}) {
    std::vector<at::Tensor> owners;
    for (const auto& each : all) owners.push_back(at::zeros({each.tensor.numel()}, at::kLong));
    for (const auto& part : partition(all, count)) {
      int64_t size = 0;
      for (const ParameterSlice& slice : part) {
        owners[slice.parameter].narrow(0, slice.begin, slice.end - slice.begin) += 1;
        size += slice.end - slice.begin;
      }
      EXPECT_GE(size, total / count);
      EXPECT_LE(size, total / count + 1);
    }
    for (const at::Tensor& each : owners) EXPECT_TRUE(at::equal(each, at::ones_like(each)));
  }
}

/// Four updates of the whole optimizer and of the parts, the last two at another learning rate;
/// what the parameters are rounded from differs by `tolerance` of itself at most.
template <class Optimizer>
void expect_same_updates(at::ScalarType dtype, double tolerance) {
  const auto whole_parameters = parameters(dtype);
  const auto zero_parameters = parameters(dtype);
  Optimizer whole(whole_parameters, kOptions);
  ZeroOptimizer zero_optimizer = zero<Optimizer>(zero_parameters);
  EXPECT_FALSE(zero_optimizer.master(0).defined());
  for (int step = 0; step < 4; ++step) {
    if (step == 2) {
      whole.set_learning_rate(0.5);
      zero_optimizer.set_learning_rate(0.5);
    }
    set_gradients(whole_parameters, step);
    set_gradients(zero_parameters, step);
    whole.step({});
    zero_optimizer.step({});
  }
  EXPECT_EQ(zero_optimizer.learning_rate(), 0.5);
  for (size_t i = 0; i < whole_parameters.size(); ++i) {
    const at::Tensor master = zero_optimizer.master(static_cast<int64_t>(i));
    EXPECT_TRUE(at::allclose(master, whole.master(static_cast<int64_t>(i)), tolerance, tolerance))
        << whole_parameters[i].name;
    EXPECT_TRUE(at::equal(zero_parameters[i].tensor, master.to(dtype)));
  }
}

TEST(ZeroOptimizer, updates_as_the_whole_optimizer_does) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    expect_same_updates<kernels::FusedAdamW>(dtype, 0);
    expect_same_updates<AdamW>(dtype, 1e-6);  // LibTorch rounds a tensor's last elements otherwise
  }
}

TEST(ZeroOptimizer, clips_by_the_norm_of_all_gradients) {
  const auto whole_parameters = parameters();
  const auto zero_parameters = parameters();
  AdamW whole(whole_parameters, kOptions);
  ZeroOptimizer zero_optimizer = zero(zero_parameters);
  for (int step = 0; step < 3; ++step) {
    set_gradients(whole_parameters, step);
    set_gradients(zero_parameters, step);
    // The gradients' norm is about 28; at the last step it stays as it is.
    const double max_norm = step < 2 ? 1e-6 : 1e3;
    whole.step(max_norm);
    zero_optimizer.step(max_norm);
  }
  for (size_t i = 0; i < whole_parameters.size(); ++i) {
    EXPECT_TRUE(at::allclose(zero_parameters[i].tensor, whole_parameters[i].tensor, 1e-6, 1e-7));
  }
}

TEST(ZeroOptimizer, each_process_has_its_part_of_the_state) {
  const auto all = parameters();
  ZeroOptimizer zero_optimizer = zero(all);
  const std::vector<model::StateTensor> own = zero_optimizer.state();
  AdamW whole(all, kOptions);
  // Two moments for an element, and the number of updates.
  EXPECT_EQ(elements(whole.state()), 2 * 764 + 1);
  EXPECT_LE(elements(own), 2 * (764 / processes::all().size() + 1) + 1);
  const double everywhere = processes::all().sum(static_cast<double>(elements(own)));
  EXPECT_EQ(everywhere, 2 * 764 + processes::all().size());
}

TEST(ZeroOptimizer, goes_on_from_the_state_of_another) {
  const auto first_parameters = parameters();
  ZeroOptimizer first = zero(first_parameters);
  for (int step = 0; step < 2; ++step) {
    set_gradients(first_parameters, step);
    first.step(1.0);
  }
  const auto second_parameters = parameters();
  ZeroOptimizer second = zero(second_parameters);
  const auto state = first.state();
  const auto restored = second.state();
  ASSERT_EQ(restored.size(), state.size());
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < state.size(); ++i) {
    EXPECT_EQ(restored[i].name, state[i].name);
    restored[i].tensor.copy_(state[i].tensor);
  }
  for (size_t i = 0; i < first_parameters.size(); ++i) {
    second_parameters[i].tensor.copy_(first_parameters[i].tensor);
  }
  set_gradients(first_parameters, 2);
  set_gradients(second_parameters, 2);
  first.step(1.0);
  second.step(1.0);
  for (size_t i = 0; i < first_parameters.size(); ++i) {
    EXPECT_TRUE(at::equal(second_parameters[i].tensor, first_parameters[i].tensor));
  }
}

TEST(ZeroOptimizer, lamb_is_refused_with_the_reason) {
  EXPECT_THAT([] { zero_maker(OptimizerKind::kLamb, {}, processes::all()); },
              testing::ThrowsMessage<std::invalid_argument>(
                  testing::HasSubstr("Lamb: its trust ratio takes the norms of whole parameters")));
}

TEST(ZeroOptimizer, parameters_without_a_gradient_are_left_alone_and_gradients_are_freed) {
  const auto all = parameters();
  ZeroOptimizer zero_optimizer = zero(all);
  set_gradients(all, 0);
  all[1].tensor.mutable_grad().reset();
  const at::Tensor before = all[1].tensor.detach().clone();
  const at::Tensor gradient = all[0].tensor.grad();
  zero_optimizer.step(1.0);
  EXPECT_TRUE(at::equal(all[1].tensor, before));
  zero_optimizer.zero_grad();
  for (const auto& each : all) EXPECT_FALSE(each.tensor.grad().defined());
  EXPECT_EQ(gradient.use_count(), 1U);
  EXPECT_EQ(gradient.storage().use_count(), 1U);
}

}  // namespace
}  // namespace train
