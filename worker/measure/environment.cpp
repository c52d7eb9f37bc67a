#include "worker/measure/environment.h"

#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

#include <ATen/Version.h>
#include <sys/utsname.h>
#include <torch/version.h>

#include "machine/cpu_name.h"
#include "machine/memory.h"
#include "machine/processors.h"

namespace worker {
namespace {

/// The lines of at::show_config() that name a math library or the vector instructions in use.
nlohmann::json math_libraries() {
  nlohmann::json libraries = nlohmann::json::array();
  std::istringstream config(at::show_config());
  for (std::string line; std::getline(config, line);) {
    const auto begin = line.find_first_not_of(" -");
    if (begin == std::string::npos || line.find("Build settings") != std::string::npos) continue;
    for (const char* const word : {"Math Kernel Library", "MKL-DNN", "OpenMP", "CPU capability"}) {
      if (line.find(word) == std::string::npos) continue;
      libraries.push_back(line.substr(begin));
      break;
    }
  }
  return libraries;
}

std::string kernel_release() {
  utsname name{};
  return ::uname(&name) == 0 ? name.release : "unknown";
}

/// Variables that change what the math libraries do.
nlohmann::json library_variables() {
  nlohmann::json variables = nlohmann::json::object();
  for (const char* const name :
       {"OMP_NUM_THREADS", "OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "MKL_NUM_THREADS",
        "MKL_ENABLE_INSTRUCTIONS", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "LD_PRELOAD"}) {
    if (const char* const value = std::getenv(name)) variables[name] = value;
  }
  return variables;
}

}  // namespace

nlohmann::json describe_environment(const ThreadAffinity& threads) {
  nlohmann::json affinity = nlohmann::json::array();
  for (const auto& processors : threads) affinity.push_back(machine::processor_list(processors));
  const auto available = machine::available_memory_bytes();
  double load = 0;
  const bool has_load = ::getloadavg(&load, 1) == 1;
  return {{"cpu", machine::cpu_name()},
          {"processors", std::thread::hardware_concurrency()},
          {"threads", threads.size()},
          {"affinity", affinity},
          {"kernel", kernel_release()},
          {"libtorch", TORCH_VERSION},
          {"math_libraries", math_libraries()},
          {"variables", library_variables()},
          {"available_memory_bytes", available ? nlohmann::json(*available) : nlohmann::json()},
          {"load_average", has_load ? nlohmann::json(load) : nlohmann::json()}};
}

}  // namespace worker
