#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "checkpoint/tensor_file.h"

namespace checkpoint {

/// The test data's folder.
std::string data_folder();
/// A JSON file of the test data.
nlohmann::json read_expectations(const std::string& name);

/// Lower-case hexadecimal.
std::string sha256(std::span<const std::byte> bytes);

/// Every tensor of `expected` (by name: dtype, shape, sha256) is in `file` with these bytes, and
/// `file` has no other. Entries that are no objects with a dtype describe other values and are
/// passed over.
void expect_tensors(const TensorFile& file, const nlohmann::json& expected);

}  // namespace checkpoint
