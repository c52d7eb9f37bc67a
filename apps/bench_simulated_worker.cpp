#include "serve/serve.h"
#include "simulated/answers.h"

int main(int argc, char** argv) {
  return serve::serve("bench_simulated_worker", {argv + 1, argv + argc}, simulated::answers());
}
