#pragma once

#include <string>

namespace worker {

/// Why this project's builds have nothing for a GPU of compute capability `major`.`minor`, one
/// line; empty where they have.
std::string capability_problem(const std::string& gpu, int major, int minor);

/// Why a GPU of compute capability `major`.`minor` does not train in a precision, one line; empty
/// where it does.
std::string precision_problem(const std::string& precision, const std::string& gpu, int major,
                              int minor);

}  // namespace worker
