#include "train/loss_scale.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace train {
namespace {

bool is_scale(double value) {
  return std::isfinite(value) && value > 0;
}

}  // namespace

LossScale::LossScale(const LossScaleConfig& config) : config_(config) {
  state_.scale = config.fixed.value_or(config.initial);
  if (!is_scale(state_.scale) || !is_scale(config.minimum) ||
      (!config.fixed && config.initial < config.minimum)) {
    throw std::invalid_argument(
        fmt::format("a loss scale of {}, at least {}: give positive, finite numbers, the second "
                    "no larger",
                    state_.scale, config.minimum));
  }
  if (config.window < 1 || config.hysteresis < 1) {
    throw std::invalid_argument(
        fmt::format("a loss scale's window of {} and hysteresis of {}: give both at least 1",
                    config.window, config.hysteresis));
  }
}

void LossScale::update(bool overflowed) {
  if (config_.fixed) {
    ++state_.steps;
    return;
  }
  if (overflowed) {
    shrink();
    state_.last_overflow = state_.steps;
  } else {
    const int64_t stable = state_.steps - state_.last_overflow - 1;
    const bool grows = stable > 0 && stable % config_.window == 0;
    if (config_.consecutive_hysteresis || grows) state_.overflows_forgiven = 0;
    if (grows) state_.scale *= 2;
  }
  ++state_.steps;
}

void LossScale::shrink() {
  if (state_.overflows_forgiven + 1 < config_.hysteresis) {
    ++state_.overflows_forgiven;
    return;
  }
  if (state_.scale == config_.minimum) {
    throw std::runtime_error(
        fmt::format("the gradients overflow fp16 even at the smallest loss scale of {}, in step "
                    "{}: training has diverged; lower the learning rate, or train in bf16",
                    state_.scale, state_.steps));
  }
  state_.scale = std::max(state_.scale / 2, config_.minimum);
}

void LossScale::restore(const State& state) {
  const bool possible =
      is_scale(state.scale) &&
      (config_.fixed ? state.scale == *config_.fixed : state.scale >= config_.minimum) &&
      state.steps >= 0 && state.last_overflow >= -1 && state.last_overflow < state.steps &&
      state.overflows_forgiven >= 0 && state.overflows_forgiven < config_.hysteresis;
  if (!possible) {
    throw std::invalid_argument(fmt::format(
        "a loss scale of {} after {} steps, the last overflow in step {}, {} forgiven: not what "
        "this configuration leads to",
        state.scale, state.steps, state.last_overflow, state.overflows_forgiven));
  }
  state_ = state;
}

}  // namespace train
