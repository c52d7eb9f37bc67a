#include "apps/registry.h"
#include "kernels/core/simd_level.h"
#include "worker/worker_main.h"

int main(int argc, char** argv) {
  return worker::worker_main(argc, argv,
                             {.registry = apps::registry(),
                              .reference = "pytorch_eager",
                              .environment = {{"kernel_simd", kernels::active_simd_level().name}}});
}
