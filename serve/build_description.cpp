#include "serve/build_description.h"

#include <nlohmann/json.hpp>

#include "bench_build_info.h"

namespace serve {

nlohmann::json describe_build() {
  return {{"commit", kBuildCommit},   {"dirty", kBuildDirty}, {"compiler", kBuildCompiler},
          {"build_type", kBuildType}, {"flags", kBuildFlags}, {"version", kBuildVersion}};
}

}  // namespace serve
