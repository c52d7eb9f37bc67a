#pragma once

#include <string>

namespace files {

/// What the system says of an error number while it works on a file, and, after a semicolon, what
/// to do about it where that is known: "No space left on device; free some space there".
std::string system_reason(int error);

}  // namespace files
