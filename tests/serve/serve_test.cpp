#include "serve/serve.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
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
[[noreturn]] void run_program(int lines, int good, const std::function<void()>& fail = nullptr) {
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
    if (fail && answered == good) fail();
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
  const auto lose_device = [] { throw std::runtime_error("the device is lost"); };
  EXPECT_EXIT(run_program(3, 1, lose_device), testing::ExitedWithCode(1),
              "reply 1.program: the device is lost");
}

TEST(Serve, says_what_to_do_where_memory_is_missing) {
  EXPECT_EXIT(run_program(3, 1, [] { throw std::bad_alloc(); }), testing::ExitedWithCode(1),
              "program: out of memory; see what else runs here");
}

}  // namespace
}  // namespace serve
