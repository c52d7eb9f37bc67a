#include "serve/serve.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace serve {
namespace {

/// Standard input from then on, which a file descriptor takes over.
void feed(const std::string& text) {
  std::FILE* const file = std::tmpfile();
  std::fputs(text.c_str(), file);
  std::rewind(file);
  std::freopen(("/proc/self/fd/" + std::to_string(::fileno(file))).c_str(), "r", stdin);
}

/// What a program with destructors that fail does with `lines` of no cells each, of which `good` it
/// can answer. Replies are seen on standard error.
[[noreturn]] void run_program(int lines, int good, bool throws = false) {
  struct Bad {
    ~Bad() { std::abort(); }
  };
  static const Bad bad;
  std::string input;
  for (int i = 0; i < lines; ++i) input += "[]\n";
  feed(input);
  int answered = 0;
  Answers answers;
  answers.plan = [&](const std::vector<harness::Cell>&) -> std::string {
    ++answered;
    std::fprintf(stderr, "reply %d.", answered);
    if (throws && answered == good) throw std::runtime_error("the device is lost");
    return "{}";
  };
  answers.spent = [&] { return answered >= good; };
  std::exit(serve("program", {"--plan"}, answers) + 10);
}

TEST(Serve, ends_the_process_at_once_when_its_answers_are_spent) {
  EXPECT_EXIT(run_program(3, 2), testing::ExitedWithCode(0), "^reply 1.reply 2.$");
  EXPECT_EXIT(run_program(3, 1), testing::ExitedWithCode(0), "^reply 1.$");
}

TEST(Serve, says_why_it_failed_before_it_ends_with_spent_answers) {
  EXPECT_EXIT(run_program(3, 1, /*throws=*/true), testing::ExitedWithCode(1),
              "reply 1.program: the device is lost");
}

}  // namespace
}  // namespace serve
