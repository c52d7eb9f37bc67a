#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include <ATen/core/Tensor.h>

#include "train/parallel/device_exchange.h"

namespace train {

/// What went wrong between the processes, as one line that names this process and the operation.
struct CommunicatorError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The processes that train one model together, and what they tell each other: MPI's, where mpirun
/// or srun started this one; alone, without MPI, where neither did. All but rank(), size() and
/// progress() must be called by every process, in the same order; autograd's threads may call them
/// too, one at a time. Tensors are taken where they are: those on the CPU by MPI, those on CUDA by
/// NCCL, where the build has CUDA; others are refused.
class Communicator {
 public:
  /// Joins the processes that were started together. At most once in a process's life. Throws
  /// CommunicatorError where MPI cannot be started, and where srun started several processes that
  /// MPI does not see.
  Communicator();

  /// Leaves them, and waits until all do; not while an exception ends this process, when the others
  /// do not come here: abort() is for that.
  ~Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  int rank() const { return rank_; }  ///< 0 <= rank < size
  int size() const { return size_; }
  int local_size() const { return local_size_; }  ///< processes on this machine
  int local_rank() const { return local_rank_; }  ///< among them

  /// The numbers that any process on this machine gave, ascending, none twice. From 0 on.
  std::vector<int> local_union(const std::vector<int>& numbers) const;

  /// The same bits on all processes, and for a given number of them at every call.
  double sum(double value) const;
  bool any(bool value) const;

  /// Copies the tensors of process `root` over the same ones of all others. Any dtype; contiguous.
  void broadcast(std::span<const at::Tensor> tensors, int root) const;

  /// Begin to replace `values` (fp32, contiguous, of one size everywhere) by their sums over all
  /// processes. They must not be touched before finish_sums(). The order in which they are added
  /// up follows from the sizes alone.
  void start_sum(const at::Tensor& values);

  /// Moves the sums on that were started. MPI has no thread of its own that does.
  void progress();

  /// Waits for all sums that were started.
  void finish_sums();

  /// The rank in a process that has joined others and not left them; 0 in any other.
  static int joined_rank() noexcept;

  /// Ends all processes with `status` after an error; what this one has printed is written first.
  /// Returns where there is only this one.
  static void abort(int status) noexcept;

 private:
  struct Mpi;

  void check(int code, const char* operation) const;
  void check_tensor(const at::Tensor& tensor, const char* operation) const;
  /// That of the device of `tensor`, which is not the CPU; made at the first use.
  DeviceExchange& exchange_of(const at::Tensor& tensor, const char* operation) const;

  int rank_ = 0;
  int size_ = 1;
  int local_size_ = 1;
  int local_rank_ = 0;
  int exceptions_;            ///< under way when this was made
  std::unique_ptr<Mpi> mpi_;  ///< none: alone
  mutable std::unique_ptr<DeviceExchange> devices_;
};

}  // namespace train
