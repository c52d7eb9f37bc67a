#include "model/generator_state.h"

#include <mutex>

#include <ATen/Context.h>

namespace model {
namespace {

at::CPUGeneratorImpl& default_generator() {
  return *at::check_generator<at::CPUGeneratorImpl>(at::detail::getDefaultCPUGenerator());
}

}  // namespace

GeneratorState GeneratorState::capture(at::Device device) {
  at::CPUGeneratorImpl& generator = default_generator();
  const std::lock_guard lock(generator.mutex_);
  GeneratorState state(generator.engine());
  state.next_float_normal_ = generator.next_float_normal_sample();
  state.next_double_normal_ = generator.next_double_normal_sample();
  if (device.is_cuda()) {
    state.device_generator_ = at::globalContext().defaultGenerator(device);
    const std::lock_guard device_lock(state.device_generator_.mutex());
    state.device_state_ = state.device_generator_.get_state();
  }
  return state;
}

void GeneratorState::restore() const {
  at::CPUGeneratorImpl& generator = default_generator();
  const std::lock_guard lock(generator.mutex_);
  generator.set_engine(engine_);
  generator.set_next_float_normal_sample(next_float_normal_);
  generator.set_next_double_normal_sample(next_double_normal_);
  if (!device_state_.defined()) return;
  at::Generator device = device_generator_;
  const std::lock_guard device_lock(device.mutex());
  device.set_state(device_state_);
}

}  // namespace model
