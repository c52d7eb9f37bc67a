#include "model/generator_state.h"

#include <mutex>

namespace model {
namespace {

at::CPUGeneratorImpl& default_generator() {
  return *at::check_generator<at::CPUGeneratorImpl>(at::detail::getDefaultCPUGenerator());
}

}  // namespace

GeneratorState GeneratorState::capture() {
  at::CPUGeneratorImpl& generator = default_generator();
  const std::lock_guard lock(generator.mutex_);
  GeneratorState state(generator.engine());
  state.next_float_normal_ = generator.next_float_normal_sample();
  state.next_double_normal_ = generator.next_double_normal_sample();
  return state;
}

void GeneratorState::restore() const {
  at::CPUGeneratorImpl& generator = default_generator();
  const std::lock_guard lock(generator.mutex_);
  generator.set_engine(engine_);
  generator.set_next_float_normal_sample(next_float_normal_);
  generator.set_next_double_normal_sample(next_double_normal_);
}

}  // namespace model
