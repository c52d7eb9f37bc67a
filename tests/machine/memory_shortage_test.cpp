#include "machine/memory_shortage.h"

#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

namespace machine {
namespace {

/// Ends as a program does in which `fail`'s exception leaves a destructor.
[[noreturn]] void end_by(void (*fail)()) {
  exit_on_memory_shortage("program", 7);
  const auto destructor = [fail]() noexcept { fail(); };
  destructor();
  std::_Exit(0);
}

TEST(MemoryShortage, ends_the_program_in_one_line_where_it_cannot_be_caught) {
  EXPECT_EXIT(end_by([] { throw std::bad_alloc(); }), testing::ExitedWithCode(7),
              "^program: out of memory: .*ulimit[^\n]*\n$");
}

TEST(MemoryShortage, leaves_other_errors_as_they_are) {
  EXPECT_EXIT(end_by([] { throw std::runtime_error("another"); }), testing::KilledBySignal(SIGABRT),
              "");
}

}  // namespace
}  // namespace machine
