#pragma once

#include <string>

namespace machine {

/// The processor by the name that Linux has for it, or "unknown".
std::string cpu_name();

}  // namespace machine
