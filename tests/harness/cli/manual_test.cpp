#include "harness/cli/manual.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness {
namespace {

/// The synopsis of a page, with its indentation.
std::string synopsis(const std::string& page) {
  const std::string heading = "SYNOPSIS\n";
  const auto begin = page.find(heading) + heading.size();
  return page.substr(begin, page.find("\n\n", begin) + 1 - begin);
}

TEST(Manual, fits_a_terminal_of_80_columns) {
  for (const auto& [command, page] : manual_pages()) {
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80u) << command << ": " << line;
    }
  }
}

TEST(Manual, has_in_the_overview_the_synopsis_of_every_command) {
  for (const auto& [command, page] : manual_pages()) {
    // The two with the most options are cut short there.
    if (command == "bench_sweep gate" || command == "bench_sweep selftest") continue;
    EXPECT_THAT(synopsis(manual_page("bench_sweep")), testing::HasSubstr(synopsis(page)));
  }
}

}  // namespace
}  // namespace harness
