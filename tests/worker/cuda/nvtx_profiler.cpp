// A profiler as NVTX sees one: a library that NVTX_INJECTION64_PATH names. It keeps what it is told
// of ranges in domains, for the test in whose process it is.
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#define NVTX_NO_IMPL
#include <nvtx3/nvToolsExt.h>

#include "tests/worker/cuda/recorded_ranges.h"

namespace {

struct Call {
  std::uint64_t thread;
  std::string domain;
  std::string name;
  bool begins;
};

std::mutex mutex;
std::deque<std::string> domains;  ///< a handle is the address of one
std::vector<Call> calls;

void note(nvtxDomainHandle_t domain, const std::string& name, bool begins) {
  const std::lock_guard lock(mutex);
  const auto* const domain_name = reinterpret_cast<const std::string*>(domain);
  calls.push_back({std::hash<std::thread::id>()(std::this_thread::get_id()),
                   domain_name == nullptr ? "" : *domain_name, name, begins});
}

nvtxDomainHandle_t create_domain(const char* name) {
  const std::lock_guard lock(mutex);
  return reinterpret_cast<nvtxDomainHandle_t>(&domains.emplace_back(name));
}

int push(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes) {
  note(domain, attributes->message.ascii, true);
  return 0;
}

int pop(nvtxDomainHandle_t domain) {
  note(domain, "", false);
  return 0;
}

}  // namespace

extern "C" int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t get_export_table) {
  const auto* const callbacks =
      static_cast<const NvtxExportTableCallbacks*>(get_export_table(NVTX_ETID_CALLBACKS));
  NvtxFunctionTable table = nullptr;
  unsigned int size = 0;
  if (callbacks == nullptr ||
      callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE2, &table, &size) == 0) {
    return 0;
  }
  *table[NVTX_CBID_CORE2_DomainCreateA] = reinterpret_cast<NvtxFunctionPointer>(&create_domain);
  *table[NVTX_CBID_CORE2_DomainRangePushEx] = reinterpret_cast<NvtxFunctionPointer>(&push);
  *table[NVTX_CBID_CORE2_DomainRangePop] = reinterpret_cast<NvtxFunctionPointer>(&pop);
  return 1;
}

extern "C" void nvtx_profiler_calls(void (*visit)(void* context, const RangeCall& call),
                                    void* context) {
  const std::lock_guard lock(mutex);
  for (const Call& call : calls) {
    visit(context, {call.thread, call.domain.c_str(), call.begins ? call.name.c_str() : nullptr});
  }
  calls.clear();
}
