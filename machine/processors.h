#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace machine {

/// Processors that the calling thread may run on, ascending; empty where the kernel does not say.
std::vector<int> allowed_processors();

/// How many of `allowed` processors' worth of time this process may use: all of them, or less where
/// its control group or one above it grants less, rounded up. At least 1. `root` stands in for / in
/// tests.
int granted_processors(const std::vector<int>& allowed, const std::filesystem::path& root = "/");

/// granted_processors() of allowed_processors().
int available_processors();

/// `processors` in the order in which threads take them one to a core: the first of every core,
/// ascending, then the second of every core that has one, and so on.
std::vector<int> one_to_a_core(const std::vector<int>& processors,
                               const std::filesystem::path& root = "/");

/// Ascending processors as the kernel writes them: "0-3,8".
std::string processor_list(const std::vector<int>& processors);

}  // namespace machine
