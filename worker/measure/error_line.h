#pragma once

#include <string>

namespace worker {

/// What a record says of an error with `message`: its first line, never empty. LibTorch's message
/// of a CUDA error has the error's name on its second line, so that name follows in brackets.
std::string error_line(const std::string& message);

}  // namespace worker
