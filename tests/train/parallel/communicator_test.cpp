#include "train/parallel/communicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/parallel/processes.h"

namespace train {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// The bits of `values` as process 0 has them.
at::Tensor of_process_0(const at::Tensor& values) {
  const at::Tensor copy = values.clone();
  processes::all().broadcast({&copy, 1}, 0);
  return copy;
}

/// What process `rank` brings: no two sums of these round alike in another order.
at::Tensor uneven(int64_t rank, int64_t elements) {
  const auto generator = at::detail::createCPUGenerator(static_cast<uint64_t>(100 + rank));
  return at::empty({elements}, at::TensorOptions(at::kFloat)).normal_(0, 1e3, generator);
}

TEST(Communicator, ranks_are_those_of_the_sum) {
  const auto& all = processes::all();
  EXPECT_GE(all.rank(), 0);
  EXPECT_LT(all.rank(), all.size());
  const auto size = static_cast<double>(all.size());
  EXPECT_EQ(all.sum(static_cast<double>(all.rank() + 1)), size * (size + 1) / 2);
  EXPECT_EQ(all.local_size(), all.size());
}

TEST(Communicator, any_is_true_where_one_process_says_so) {
  const auto& all = processes::all();
  EXPECT_FALSE(all.any(false));
  EXPECT_TRUE(all.any(all.rank() == all.size() - 1));
  EXPECT_TRUE(all.any(all.rank() == 0));
}

TEST(Communicator, the_union_has_the_numbers_of_all_processes_once) {
  const auto& all = processes::all();
  const int rank = static_cast<int>(all.rank());
  std::vector<int> expected = {0};
  for (int i = 1; i < 70 + static_cast<int>(all.size()); ++i) {
    if (i >= 70) expected.push_back(i);
  }
  EXPECT_EQ(all.local_union({70 + rank, 0}), expected);
  EXPECT_EQ(all.local_union({}), std::vector<int>());
}

TEST(Communicator, broadcast_copies_any_dtype_and_nothing_beside_it) {
  const auto& all = processes::all();
  for (int64_t root = 0; root < all.size(); ++root) {
    const at::Tensor whole = at::full({3, 5}, all.rank(), at::TensorOptions(at::kBFloat16));
    const at::Tensor numbers = at::arange(4) + 10 * all.rank();
    const at::Tensor tensors[] = {whole.narrow(0, 1, 1), numbers, at::empty({0})};
    all.broadcast(tensors, root);
    EXPECT_TRUE(at::equal(whole[0], at::full_like(whole[0], all.rank())));
    EXPECT_TRUE(at::equal(whole[1], at::full_like(whole[1], root)));
    EXPECT_TRUE(at::equal(whole[2], at::full_like(whole[2], all.rank())));
    EXPECT_TRUE(at::equal(numbers, at::arange(4) + 10 * root));
  }
}

TEST(Communicator, sums_under_way_together_are_right_and_the_same_everywhere) {
  auto& all = processes::all();
  // From one element to several of MPI's segments: it adds small and large messages in other ways.
  const std::vector<int64_t> sizes = {1, 7, 5000, 300'000};
  std::vector<at::Tensor> first;
  for (int repeat = 0; repeat < 3; ++repeat) {
    std::vector<at::Tensor> sums;
    for (const int64_t size : sizes) {
      sums.push_back(uneven(all.rank(), size));
      all.start_sum(sums.back());
      all.progress();
    }
    all.finish_sums();
    for (size_t i = 0; i < sizes.size(); ++i) {
      at::Tensor expected = at::zeros({sizes[i]}, at::kDouble);
      for (int64_t rank = 0; rank < all.size(); ++rank) expected += uneven(rank, sizes[i]);
      EXPECT_TRUE(at::allclose(sums[i].to(at::kDouble), expected, 1e-5, 1e-2));
      EXPECT_TRUE(at::equal(sums[i], of_process_0(sums[i])));
      EXPECT_TRUE(repeat == 0 || at::equal(sums[i], first[i]));
    }
    first = sums;
  }
}

TEST(Communicator, what_it_cannot_exchange_is_refused) {
  auto& all = processes::all();
  if (all.size() == 1) GTEST_SKIP() << "alone, nothing is exchanged";
  EXPECT_THAT([&] { all.start_sum(at::zeros({3}, at::kDouble)); },
              ThrowsMessage<CommunicatorError>(HasSubstr("Double, not fp32")));
  EXPECT_THAT(
      [&] {
        all.start_sum(at::zeros({4, 4}).t());
      },
      ThrowsMessage<CommunicatorError>(HasSubstr("not contiguous")));
  const at::Tensor elsewhere = at::zeros({3}, at::kMeta);
  EXPECT_THAT(
      [&] {
        all.broadcast({&elsewhere, 1}, 0);
      },
      ThrowsMessage<CommunicatorError>(HasSubstr("a tensor on meta")));
  const at::Tensor mixed[] = {at::zeros({2}), at::empty({2}, at::kMeta)};
  EXPECT_THAT([&] { all.broadcast(mixed, 0); },
              ThrowsMessage<CommunicatorError>(HasSubstr("tensors on cpu and meta")));
}

TEST(Communicator, an_error_of_mpi_is_one_line_that_names_process_and_operation) {
  auto& all = processes::all();
  if (all.size() == 1) GTEST_SKIP() << "alone, nothing is exchanged";
  const at::Tensor values = at::zeros({3});
  const std::string process =
      "process " + std::to_string(all.rank()) + " of " + std::to_string(all.size());
  EXPECT_THAT(
      [&] {
        all.broadcast({&values, 1}, all.size());
      },
      ThrowsMessage<CommunicatorError>(
          testing::AllOf(HasSubstr(process), HasSubstr("MPI_Bcast: MPI_ERR_ROOT"))));
}

}  // namespace
}  // namespace train
