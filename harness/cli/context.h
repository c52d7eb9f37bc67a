#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "harness/cli/reporter.h"
#include "harness/protocol/catalog.h"

namespace harness {

/// What every command gets from the composition root.
struct Context {
  const Catalog& catalog;
  const Reporter& reporter;
  std::ostream& out;    ///< tables
  std::ostream& error;  ///< everything else
};

/// The arguments after the command's name.
using Arguments = std::vector<std::string>;

}  // namespace harness
