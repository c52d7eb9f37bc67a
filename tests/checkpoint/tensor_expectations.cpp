#include "tests/checkpoint/tensor_expectations.h"

#include <array>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

namespace checkpoint {
namespace {

/// The vectors name dtypes as PyTorch or shortly.
const std::map<std::string, Dtype> kDtypes = {
    {"float32", Dtype::kF32}, {"f32", Dtype::kF32},   {"float16", Dtype::kF16},
    {"f16", Dtype::kF16},     {"f64", Dtype::kF64},   {"float64", Dtype::kF64},
    {"int64", Dtype::kI64},   {"i64", Dtype::kI64},   {"bfloat16", Dtype::kBF16},
    {"bf16", Dtype::kBF16},   {"bool", Dtype::kBool}, {"u8", Dtype::kU8},
};

}  // namespace

std::string data_folder() {
  return std::string(BENCH_SOURCE_DIR) + "/tests/checkpoint/data";
}

nlohmann::json read_expectations(const std::string& name) {
  std::ifstream file(data_folder() + "/" + name);
  return nlohmann::json::parse(file);
}

std::string sha256(std::span<const std::byte> bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

void expect_tensors(const TensorFile& file, const nlohmann::json& expected) {
  size_t count = 0;
  for (const auto& [name, tensor] : expected.items()) {
    if (!tensor.is_object() || !tensor.contains("dtype")) continue;
    ++count;
    const auto index = file.find(name);
    ASSERT_TRUE(index) << name;
    const TensorEntry& entry = file.tensors()[*index];
    EXPECT_EQ(entry.dtype, kDtypes.at(tensor.at("dtype").get<std::string>())) << name;
    EXPECT_EQ(entry.shape, tensor.at("shape").get<std::vector<int64_t>>()) << name;
    EXPECT_EQ(sha256(file.read(*index)), tensor.at("sha256").get<std::string>()) << name;
  }
  EXPECT_EQ(file.tensors().size(), count);
}

}  // namespace checkpoint
