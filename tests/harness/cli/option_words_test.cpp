#include "harness/cli/option_words.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

/// An app with an option of each kind.
struct Sample {
  Sample() {
    app.set_help_flag();
    app.add_option("SPEC", spec)->required();
    app.add_option("--device", device)->check(CLI::IsMember({"cpu", "cuda"}));
    app.add_option("-o,--out", out);
    app.add_flag("--quiet", quiet);
  }
  CLI::App app;
  std::string spec;
  std::string device;
  std::string out;
  bool quiet = false;
};

TEST(OptionWords, are_what_the_command_line_library_knows) {
  const Sample sample;
  EXPECT_EQ(option_words(sample.app),
            "SPEC\tvalue\n"
            "--device\tvalue\tcpu\tcuda\n"
            "--out\tvalue\n"
            "-o\tvalue\n"
            "--quiet\tflag\n");
}

TEST(OptionWords, are_read_back) {
  const Sample sample;
  const auto words = parse_option_words(option_words(sample.app));
  ASSERT_EQ(words.size(), 5u);
  EXPECT_TRUE(words[0].is_argument());
  EXPECT_EQ(words[1].name, "--device");
  EXPECT_TRUE(words[1].takes_value);
  EXPECT_EQ(words[1].values, (std::vector<std::string>{"cpu", "cuda"}));
  EXPECT_FALSE(words[4].takes_value);
}

}  // namespace
}  // namespace harness
