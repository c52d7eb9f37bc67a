#include "worker/measure/thread_affinity.h"

#include <set>

#include <omp.h>

#include "machine/processors.h"

namespace worker {

ThreadAffinity read_thread_affinity() {
  ThreadAffinity affinity(static_cast<size_t>(omp_get_max_threads()));
  int given = 0;
#pragma omp parallel
  {
    affinity[static_cast<size_t>(omp_get_thread_num())] = machine::allowed_processors();
#pragma omp single
    given = omp_get_num_threads();
  }
  affinity.resize(static_cast<size_t>(given));
  return affinity;
}

bool is_pinned(const ThreadAffinity& affinity) {
  std::set<int> taken;
  for (const auto& processors : affinity) {
    if (processors.size() != 1 || !taken.insert(processors.front()).second) return false;
  }
  return true;
}

}  // namespace worker
