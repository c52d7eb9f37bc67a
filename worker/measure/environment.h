#pragma once

#include <nlohmann/json.hpp>

namespace worker {

/// What a record says of the machine and the libraries: processor, processors usable, threads
/// computing, LibTorch and its BLAS, memory available, load. Call it before the measured run.
nlohmann::json describe_environment(int64_t threads);

/// What a record says of this program: commit, compiler, flags.
nlohmann::json describe_build();

}  // namespace worker
