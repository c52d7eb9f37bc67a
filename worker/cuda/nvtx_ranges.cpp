#include "worker/cuda/nvtx_ranges.h"

#include <string>

#include <ATen/record_function.h>
#include <nvtx3/nvToolsExt.h>

#include "worker/memory/phase_names.h"
#include "worker/trace/announced.h"

namespace worker {
namespace {

/// NVTX makes no domain where no tool is attached, which is settled at its first call.
nvtxDomainHandle_t domain() {
  static const nvtxDomainHandle_t domain = nvtxDomainCreateA("bench_worker");
  return domain;
}

void push(const std::string& name) {
  nvtxEventAttributes_t attributes{};
  attributes.version = NVTX_VERSION;
  attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
  attributes.messageType = NVTX_MESSAGE_TYPE_ASCII;
  attributes.message.ascii = name.c_str();
  nvtxDomainRangePushEx(domain(), &attributes);
}

void pop() {
  nvtxDomainRangePop(domain());
}

class NvtxRanges final : public train::PhaseObserver {
 public:
  NvtxRanges()
      : handle_(at::addGlobalCallback(
            at::RecordFunctionCallback(&NvtxRanges::begin, &NvtxRanges::end)
                .scopes({at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE}))) {}
  NvtxRanges(const NvtxRanges&) = delete;
  NvtxRanges& operator=(const NvtxRanges&) = delete;
  /// What RecordFunction has begun it still ends.
  ~NvtxRanges() override {
    at::removeCallback(handle_);
    if (in_phase_) pop();
  }

  void enter(train::Phase phase) override {
    if (in_phase_) pop();
    push(std::string(phase_name(phase)));
    in_phase_ = true;
  }

 private:
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
    push(name_of(function));
    return nullptr;
  }
  static void end(const at::RecordFunction& /*function*/, at::ObserverContext* /*context*/) {
    pop();
  }

  at::CallbackHandle handle_;
  bool in_phase_ = false;
};

}  // namespace

std::unique_ptr<train::PhaseObserver> nvtx_ranges() {
  if (domain() == nullptr) return nullptr;
  return std::make_unique<NvtxRanges>();
}

}  // namespace worker
