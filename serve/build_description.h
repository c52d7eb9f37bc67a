#pragma once

#include <nlohmann/json_fwd.hpp>

namespace serve {

/// `build` of a record: commit, compiler, flags of this program.
nlohmann::json describe_build();

}  // namespace serve
