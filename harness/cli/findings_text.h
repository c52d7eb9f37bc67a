#pragma once

#include <string>

#include "machine/finding.h"

namespace harness {

/// A line a finding: "ok", "disturbs", "unknown" or "broken", the subject, what was found, and
/// after a semicolon what to do.
std::string findings_text(const machine::Findings& findings);

/// "3 of 14 findings disturb a measurement, 2 are unknown".
std::string findings_summary(const machine::Findings& findings);

/// 5 where anything is broken, 1 where anything disturbs, else 0.
int findings_status(const machine::Findings& findings);

}  // namespace harness
