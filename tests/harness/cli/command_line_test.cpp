#include "harness/cli/command_line.h"

#include <new>
#include <ostream>
#include <sstream>
#include <streambuf>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/exit_status.h"

namespace harness {
namespace {

/// Finds no memory for what is written to it.
class FullMemory : public std::streambuf {
 protected:
  int_type overflow(int_type /*character*/) override { throw std::bad_alloc(); }
};

TEST(CommandLine, says_in_one_line_that_memory_is_missing) {
  FullMemory buffer;
  std::ostream out(&buffer);
  out.exceptions(std::ios::badbit);
  std::ostringstream error;
  EXPECT_EQ(
      run_command_line({"--help"}, {.catalog = {}, .reporter = {}, .out = out, .error = error}),
      kExitHarness);
  EXPECT_THAT(error.str(), testing::MatchesRegex("bench_sweep: out of memory: [^\n]*\n"));
}

}  // namespace
}  // namespace harness
