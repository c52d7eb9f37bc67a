#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness {

/// What to tell who wrote an unknown name: "did you mean 'x'?" where one of `known` is a few typing
/// errors away, else "known are a, b, c".
std::string suggest(std::string_view name, const std::vector<std::string>& known);

}  // namespace harness
