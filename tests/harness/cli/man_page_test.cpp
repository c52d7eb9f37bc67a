#include "harness/cli/man_page.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(ManPage, fills_text_and_keeps_what_is_laid_out) {
  const std::string page = R"(NAME
    bench_sweep - does things

SYNOPSIS
    bench_sweep [run] SPEC
                [--quiet]

DESCRIPTION
    One
    paragraph.

    .Another, with 'quotes' and a \.

OPTIONS
    --out DIR
        Write to DIR.
        Always.
    -h, --help    Show this.

EXIT STATUS
    0    Done.
)";
  EXPECT_EQ(man_page({{"bench_sweep", page}}, "1.2"),
            R"(.TH BENCH_SWEEP 1 "" "bench_sweep 1.2" "User Commands"
.SH NAME
bench_sweep \- does things
.SH SYNOPSIS
.nf
bench_sweep [run] SPEC
            [\-\-quiet]

.fi
.SH DESCRIPTION
One
paragraph.
.PP
\&.Another, with \(aqquotes\(aq and a \e.
.SH OPTIONS
.TP
.B \-\-out DIR
Write to DIR.
Always.
.TP
.B \-h, \-\-help
Show this.
.SH EXIT STATUS
.nf
0    Done.
.fi
)");
}

TEST(ManPage, every_command_is_a_section) {
  const auto text = man_page(
      {{"bench_sweep", "NAME\n    a - b\n"}, {"bench_sweep run", "NAME\n    c - d\n"}}, "1.2");
  EXPECT_NE(text.find(".SH \"BENCH_SWEEP RUN\"\n.SS NAME\nc \\- d\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace harness
