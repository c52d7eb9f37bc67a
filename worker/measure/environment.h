#pragma once

#include <nlohmann/json.hpp>

#include "worker/measure/thread_affinity.h"

namespace worker {

/// What a record says of the machine and the libraries: processor, processors usable, the threads
/// that compute and where each may run, LibTorch and its BLAS, memory available, load. Call it
/// before the measured run.
nlohmann::json describe_environment(const ThreadAffinity& threads);

}  // namespace worker
