#include "train/parallel/nccl_exchange.h"

#include <exception>
#include <string>

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAStream.h>
#include <nccl.h>

#include "train/parallel/communicator.h"

namespace train {
namespace {

void check(ncclResult_t result, const char* operation) {
  if (result == ncclSuccess) return;
  throw CommunicatorError(std::string("NCCL: ") + operation + ": " + ncclGetErrorString(result));
}

class NcclExchange final : public DeviceExchange {
 public:
  NcclExchange(int rank, int size, const std::function<void(std::span<std::byte>)>& share)
      : sums_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true)),
        exceptions_(std::uncaught_exceptions()) {
    ncclUniqueId id;
    if (rank == 0) check(ncclGetUniqueId(&id), "ncclGetUniqueId");
    share(std::as_writable_bytes(std::span(&id, 1)));
    check(ncclCommInitRank(&processes_, size, id, rank), "ncclCommInitRank");
  }
  NcclExchange(const NcclExchange&) = delete;
  NcclExchange& operator=(const NcclExchange&) = delete;
  /// Where an exception ends this process's part, the others never come to the calls that
  /// ncclCommDestroy would wait for.
  ~NcclExchange() override {
    if (std::uncaught_exceptions() > exceptions_) {
      ncclCommAbort(processes_);
    } else {
      ncclCommDestroy(processes_);
    }
  }

  void broadcast(std::span<const at::Tensor> tensors, int root) override {
    check_earlier_calls();
    const auto stream = c10::cuda::getCurrentCUDAStream();
    check(ncclGroupStart(), "ncclGroupStart");
    for (const at::Tensor& tensor : tensors) {
      void* const bytes = tensor.mutable_data_ptr();
      check(ncclBroadcast(bytes, bytes, tensor.nbytes(), ncclInt8, root, processes_, stream),
            "ncclBroadcast");
    }
    check(ncclGroupEnd(), "ncclBroadcast");
  }

  void start_sum(const at::Tensor& values) override {
    check_earlier_calls();
    c10::cuda::CUDAEvent there;
    there.record(c10::cuda::getCurrentCUDAStream());
    there.block(sums_);
    void* const data = values.mutable_data_ptr();
    check(ncclAllReduce(data, data, static_cast<size_t>(values.numel()), ncclFloat, ncclSum,
                        processes_, sums_),
          "ncclAllReduce");
    // Its memory is not given to others before the sum is done.
    c10::cuda::CUDACachingAllocator::recordStream(values.storage().data_ptr(), sums_);
  }

  void finish_sums() override {
    check_earlier_calls();
    c10::cuda::CUDAEvent done;
    done.record(sums_);
    done.block(c10::cuda::getCurrentCUDAStream());
  }

 private:
  /// Throws what went wrong on the device since, such as a process that is gone: whoever waited for
  /// the sums would wait for ever.
  void check_earlier_calls() const {
    ncclResult_t result = ncclSuccess;
    check(ncclCommGetAsyncError(processes_, &result), "ncclCommGetAsyncError");
    check(result, "an exchange that was under way");
  }

  c10::cuda::CUDAStream sums_;
  int exceptions_;  ///< under way when this was made
  ncclComm_t processes_ = nullptr;
};

}  // namespace

std::unique_ptr<DeviceExchange> make_nccl_exchange(
    int rank, int size, const std::function<void(std::span<std::byte>)>& share) {
  return std::make_unique<NcclExchange>(rank, size, share);
}

}  // namespace train
