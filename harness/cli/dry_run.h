#pragma once

#include <iosfwd>
#include <string>

#include "harness/cli/planned_sweep.h"

namespace harness {

/// `run --dry-run`: prints the cells as `list` does, and then how long their launches should take:
/// by the newest run of the sweep `name` below runs/ that measured any of them on this machine;
/// the bound by the time-outs in any case. A run that cannot be read is passed over with a warning.
void print_dry_run(const std::string& name, const PlannedSweep& planned, std::ostream& out,
                   std::ostream& error);

}  // namespace harness
