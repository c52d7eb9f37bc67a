// Sums without end, until the last process dies as told: `throw`, `kill` (SIGKILL) or `exit` (as a
// library that gives up does). Run by dying_process_test.py.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <ATen/ops/ones.h>
#include <unistd.h>

#include "train/parallel/communicator.h"

namespace {

constexpr int kLastStep = 10;
constexpr int64_t kElements = int64_t{1} << 20;

void die(const std::string& how) {
  if (how == "throw") throw std::runtime_error("the disk is full");
  if (how == "kill") ::kill(::getpid(), SIGKILL);
  std::exit(3);
}

void run(const std::string& how) {
  train::Communicator all;
  for (int step = 0;; ++step) {
    const at::Tensor values = at::ones({kElements});
    all.start_sum(values);
    if (step == kLastStep && all.rank() == all.size() - 1) die(how);
    all.finish_sums();
  }
}

}  // namespace

int main(int, char** values) {
  try {
    run(values[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dying_process: %s\n", error.what());
    train::Communicator::abort(2);
  }
}
