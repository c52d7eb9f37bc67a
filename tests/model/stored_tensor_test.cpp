#include "model/stored_tensor.h"

#include <cstring>
#include <stdexcept>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace model {
namespace {

TEST(StoredTensor, every_dtype_that_is_trained_with_is_stored_and_read_back) {
  for (const auto dtype : {at::kDouble, at::kFloat, at::kBFloat16, at::kHalf, at::kLong, at::kInt,
                           at::kShort, at::kChar, at::kByte, at::kBool}) {
    const at::Tensor tensor = at::tensor({0, 1, 1, 0, 1, 0}).view({2, 3}).to(dtype);
    const checkpoint::TensorView view = stored_view("t", tensor);
    EXPECT_EQ(view.shape, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(checkpoint::element_size(view.dtype), static_cast<int64_t>(tensor.element_size()));
    const at::Tensor read = at::zeros_like(tensor);
    copy_stored(view.bytes, read);
    EXPECT_TRUE(at::equal(read, tensor)) << at::toString(dtype);
  }
}

TEST(StoredTensor, copies_into_strided_tensors_and_from_any_address) {
  const at::Tensor tensor = at::arange(6, at::kFloat).view({2, 3});
  std::vector<std::byte> bytes(tensor.nbytes() + 1);
  std::memcpy(bytes.data() + 1, tensor.const_data_ptr(), tensor.nbytes());
  const at::Tensor read = at::zeros({3, 2}).t();
  copy_stored(std::span(bytes).subspan(1), read);
  EXPECT_TRUE(at::equal(read, tensor));
}

TEST(StoredTensor, what_does_not_fit_is_refused) {
  EXPECT_THROW(stored_dtype(at::kComplexFloat), std::invalid_argument);
  EXPECT_THROW(stored_view("t", at::zeros({3, 2}).t()), std::invalid_argument);
  EXPECT_THROW(copy_stored(std::vector<std::byte>(7), at::zeros({2})), std::invalid_argument);
}

}  // namespace
}  // namespace model
