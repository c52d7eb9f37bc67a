// GoogleTest in every process of mpirun, which all run the same tests in the same order. The first
// failure ends all of them: a process that left a test early would meet the others in the wrong
// operation.
#include <memory>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tests/train/parallel/processes.h"

namespace processes {
namespace {

std::unique_ptr<train::Communicator>& owner() {
  static std::unique_ptr<train::Communicator> communicator;
  return communicator;
}

class EndAllOnFailure : public testing::EmptyTestEventListener {
 private:
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Failed()) train::Communicator::abort(1);
  }
};

}  // namespace

train::Communicator& all() {
  return *owner();
}

}  // namespace processes

int main(int count, char** values) {
  testing::InitGoogleTest(&count, values);
  at::set_num_threads(1);
  processes::owner() = std::make_unique<train::Communicator>();
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (processes::all().rank() > 0) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new testing::EmptyTestEventListener);
  }
  listeners.Append(new processes::EndAllOnFailure);
  const int status = RUN_ALL_TESTS();
  processes::owner().reset();
  return status;
}
