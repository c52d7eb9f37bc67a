#include "harness/cli/findings_text.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

using machine::Finding;
using machine::Verdict;

const Finding kFine = {Verdict::kOk, "SMT", "off", ""};
const Finding kDisturbing = {Verdict::kDisturbs, "governor", "powersave", "use another"};
const Finding kNotKnown = {Verdict::kUnknown, "turbo", "the kernel does not say", "see lscpu"};
const Finding kMissing = {Verdict::kBroken, "worker", "not there", "build it"};

TEST(FindingsText, is_a_line_each_with_what_to_do) {
  EXPECT_EQ(findings_text({kFine, kDisturbing, kNotKnown, kMissing}),
            "ok        SMT       off\n"
            "disturbs  governor  powersave; use another\n"
            "unknown   turbo     the kernel does not say; see lscpu\n"
            "broken    worker    not there; build it\n");
}

TEST(FindingsText, counts_what_was_found) {
  EXPECT_EQ(findings_summary({kFine, kDisturbing, kNotKnown}),
            "of 3 findings 1 disturb a measurement, 1 are unknown");
  EXPECT_EQ(findings_summary({kFine, kMissing}),
            "of 2 findings 0 disturb a measurement, 0 are unknown, and 1 prevent one");
}

TEST(FindingsText, the_worst_finding_is_the_exit_status) {
  EXPECT_EQ(findings_status({kFine, kNotKnown}), 0);
  EXPECT_EQ(findings_status({kFine, kDisturbing}), 1);
  EXPECT_EQ(findings_status({kMissing, kDisturbing}), 5);
}

}  // namespace
}  // namespace harness
