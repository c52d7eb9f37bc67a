#pragma once

#include <filesystem>
#include <string>

namespace machine {

/// The processor as Linux names it, "AMD EPYC (family 26, model 2, stepping 1)", or "unknown". The
/// numbers tell generations apart that a virtual machine gives the same name.
std::string cpu_name(const std::filesystem::path& root = "/");

}  // namespace machine
