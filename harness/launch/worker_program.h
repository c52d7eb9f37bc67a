#pragma once

#include <string>

#include "harness/protocol/cell.h"

namespace harness {

/// Name of the program that measures cells of `device`, which lies beside this one.
std::string worker_program(const Device& device);

}  // namespace harness
