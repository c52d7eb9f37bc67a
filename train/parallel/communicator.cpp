#include "train/parallel/communicator.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <mpi.h>

#if defined(BENCH_CUDA)
#include "train/parallel/nccl_exchange.h"
#endif
#include "train/slices.h"

namespace train {
namespace {

/// Set by mpirun, srun --mpi=pmix and srun --mpi=pmi2 (and by mpirun of MPIs other than Open MPI).
constexpr const char* kLauncherVariables[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};

/// MPI counts in int.
constexpr int64_t kMostElements = int64_t{1} << 30;

bool started_by_launcher() {
  return std::any_of(std::begin(kLauncherVariables), std::end(kLauncherVariables),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

/// How many processes srun started together with this one; 1 without srun, and below mpirun, which
/// starts its own.
int64_t started_by_srun() {
  const char* const text = std::getenv("SLURM_STEP_NUM_TASKS");
  if (text == nullptr || std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr) return 1;
  return std::strtoll(text, nullptr, 10);
}

bool has_joined() {
  int initialized = 0;
  int finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  return initialized != 0 && finalized == 0;
}

/// A place in memory and everything from there on that a message takes, for messages that are
/// gathered from many tensors without a copy.
class ByteBlocks {
 public:
  void add(const at::Tensor& tensor) {
    auto* const bytes = static_cast<char*>(tensor.mutable_data_ptr());
    for_each_slice(static_cast<int64_t>(tensor.nbytes()), kMostElements,
                   [&](int64_t begin, int64_t count) {
                     MPI_Aint address = 0;
                     MPI_Get_address(bytes + begin, &address);
                     addresses_.push_back(address);
                     counts_.push_back(static_cast<int>(count));
                   });
  }

  /// Of MPI_BOTTOM.
  int make_type(MPI_Datatype& type) const {
    const int code = MPI_Type_create_hindexed(static_cast<int>(counts_.size()), counts_.data(),
                                              addresses_.data(), MPI_BYTE, &type);
    return code == MPI_SUCCESS ? MPI_Type_commit(&type) : code;
  }

 private:
  std::vector<int> counts_;
  std::vector<MPI_Aint> addresses_;
};

}  // namespace

struct Communicator::Mpi {
  /// The tensor is kept until nobody writes into it any more.
  struct Sum {
    at::Tensor values;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  MPI_Comm node = MPI_COMM_NULL;  ///< the processes on this machine
  std::vector<Sum> sums;          ///< under way
};

Communicator::Communicator() : exceptions_(std::uncaught_exceptions()) {
  if (started_by_launcher()) {
    mpi_ = std::make_unique<Mpi>();
    int provided = MPI_THREAD_SINGLE;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (provided < MPI_THREAD_SERIALIZED) {
      throw CommunicatorError("this MPI lets only its first thread call it; autograd has others");
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL,
                              &mpi_->node),
          "MPI_Comm_split_type");
    MPI_Comm_size(mpi_->node, &local_size_);
    MPI_Comm_rank(mpi_->node, &local_rank_);
  }
  if (started_by_srun() > size_) {
    throw CommunicatorError("srun started " + std::to_string(started_by_srun()) +
                            " processes, but MPI sees " + std::to_string(size_) +
                            " of them: start them with srun --mpi=pmix, or with mpirun");
  }
}

Communicator::~Communicator() {
  if (mpi_ == nullptr || std::uncaught_exceptions() > exceptions_) return;
  MPI_Comm_free(&mpi_->node);
  MPI_Finalize();
}

int Communicator::joined_rank() noexcept {
  int rank = 0;
  if (has_joined()) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

void Communicator::abort(int status) noexcept {
  std::fflush(nullptr);
  if (has_joined()) MPI_Abort(MPI_COMM_WORLD, status);
}

void Communicator::check(int code, const char* operation) const {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw CommunicatorError("process " + std::to_string(rank_) + " of " + std::to_string(size_) +
                          ": " + operation + ": " + text);
}

void Communicator::check_tensor(const at::Tensor& tensor, const char* operation) const {
  if (!tensor.is_contiguous()) {
    throw CommunicatorError(std::string(operation) + ": a tensor that is not contiguous");
  }
}

DeviceExchange& Communicator::exchange_of(const at::Tensor& tensor, const char* operation) const {
#if defined(BENCH_CUDA)
  if (tensor.is_cuda()) {
    if (devices_ == nullptr) {
      devices_ = make_nccl_exchange(rank_, size_, [this](std::span<std::byte> bytes) {
        check(MPI_Bcast(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, 0, MPI_COMM_WORLD),
              "MPI_Bcast");
      });
    }
    return *devices_;
  }
#endif
  throw CommunicatorError(std::string(operation) + ": a tensor on " + tensor.device().str() +
                          ": this build does not exchange its memory");
}

std::vector<int> Communicator::local_union(const std::vector<int>& numbers) const {
  int end = numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
  if (mpi_ != nullptr) {
    check(MPI_Allreduce(MPI_IN_PLACE, &end, 1, MPI_INT, MPI_MAX, mpi_->node), "MPI_Allreduce");
  }
  std::vector<unsigned char> there(static_cast<size_t>(end));
  for (const int number : numbers) there.at(static_cast<size_t>(number)) = 1;
  if (mpi_ != nullptr) {
    check(MPI_Allreduce(MPI_IN_PLACE, there.data(), end, MPI_UNSIGNED_CHAR, MPI_MAX, mpi_->node),
          "MPI_Allreduce");
  }
  std::vector<int> all;
  for (int number = 0; number < end; ++number) {
    if (there[static_cast<size_t>(number)] != 0) all.push_back(number);
  }
  return all;
}

double Communicator::sum(double value) const {
  if (mpi_ != nullptr) {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD),
          "MPI_Allreduce");
  }
  return value;
}

bool Communicator::any(bool value) const {
  int any = value ? 1 : 0;
  if (mpi_ != nullptr) {
    check(MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD), "MPI_Allreduce");
  }
  return any != 0;
}

void Communicator::broadcast(std::span<const at::Tensor> tensors, int root) const {
  if (mpi_ == nullptr || tensors.empty()) return;
  for (const at::Tensor& tensor : tensors) {
    check_tensor(tensor, "broadcast");
    if (tensor.device() != tensors.front().device()) {
      throw CommunicatorError("broadcast: tensors on " + tensors.front().device().str() + " and " +
                              tensor.device().str());
    }
    if (rank_ != root) tensor.unsafeGetTensorImpl()->bump_version();  // autograd must know
  }
  if (!tensors.front().is_cpu()) {
    exchange_of(tensors.front(), "broadcast").broadcast(tensors, root);
    return;
  }
  ByteBlocks blocks;
  for (const at::Tensor& tensor : tensors) blocks.add(tensor);
  MPI_Datatype type = MPI_DATATYPE_NULL;
  check(blocks.make_type(type), "MPI_Type_create_hindexed");
  const int code = MPI_Bcast(MPI_BOTTOM, 1, type, root, MPI_COMM_WORLD);
  MPI_Type_free(&type);
  check(code, "MPI_Bcast");
}

void Communicator::start_sum(const at::Tensor& values) {
  if (mpi_ == nullptr) return;
  check_tensor(values, "start_sum");
  if (values.scalar_type() != at::kFloat) {
    throw CommunicatorError(std::string("start_sum: values in ") +
                            at::toString(values.scalar_type()) + ", not fp32");
  }
  if (!values.is_cpu()) {
    exchange_of(values, "start_sum").start_sum(values);
    return;
  }
  for_each_slice(values.numel(), kMostElements, [&](int64_t begin, int64_t count) {
    Mpi::Sum& sum = mpi_->sums.emplace_back();
    sum.values = slice(values, begin, count);
    check(MPI_Iallreduce(MPI_IN_PLACE, sum.values.mutable_data_ptr(), static_cast<int>(count),
                         MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &sum.request),
          "MPI_Iallreduce");
  });
}

void Communicator::progress() {
  if (mpi_ == nullptr) return;
  for (Mpi::Sum& sum : mpi_->sums) {
    int done = 0;
    check(MPI_Test(&sum.request, &done, MPI_STATUS_IGNORE), "MPI_Iallreduce");
    if (done == 0) return;  // the call moved all of them on
  }
}

void Communicator::finish_sums() {
  if (mpi_ == nullptr) return;
  if (devices_ != nullptr) devices_->finish_sums();
  for (Mpi::Sum& sum : mpi_->sums) {
    check(MPI_Wait(&sum.request, MPI_STATUS_IGNORE), "MPI_Iallreduce");
  }
  mpi_->sums.clear();
}

}  // namespace train
