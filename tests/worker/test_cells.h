#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/protocol/cell.h"

namespace worker {

inline constexpr int64_t kTestVocabulary = 101;

/// Path of a file of 16 windows of 8 .. 64 tokens below kTestVocabulary, written at the first call.
inline std::string test_windows() {
  static const std::string path = [] {
    constexpr int64_t kWindows = 16;
    constexpr int64_t kWidth = 64;
    std::vector<int32_t> ids;
    std::vector<uint8_t> mask;
    std::vector<uint8_t> types;
    std::vector<int32_t> starts;
    std::vector<int32_t> ends;
    for (int64_t i = 0; i < kWindows; ++i) {
      const int64_t length = 8 + i * 56 / (kWindows - 1);
      for (int64_t j = 0; j < kWidth; ++j) {
        ids.push_back(j < length ? static_cast<int32_t>((i * 31 + j * 7) % kTestVocabulary) : 0);
        mask.push_back(j < length ? 1 : 0);
        types.push_back(j < length && j > length / 2 ? 1 : 0);
      }
      starts.push_back(static_cast<int32_t>(length / 3));
      ends.push_back(static_cast<int32_t>(length / 2));
    }
    std::string bytes;
    std::string header = "{";
    const auto add = [&](const char* name, const char* dtype, const std::string& shape,
                         const auto& values) {
      const auto begin = bytes.size();
      bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      if (begin != 0) header += ",";
      header += std::string("\"") + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
                ",\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(bytes.size()) +
                "]}";
    };
    add("input_ids", "I32", "[16,64]", ids);
    add("start_positions", "I32", "[16]", starts);
    add("end_positions", "I32", "[16]", ends);
    add("attention_mask", "U8", "[16,64]", mask);
    add("token_type_ids", "U8", "[16,64]", types);
    header += "}";
    const auto file = std::filesystem::path(testing::TempDir()) /
                      ("worker_windows_" + std::to_string(::getpid()) + ".safetensors");
    std::ofstream out(file, std::ios::binary);
    const uint64_t size = header.size();
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out << header << bytes;
    return file.string();
  }();
  return path;
}

/// A cell of a small model on the CPU.
inline harness::Cell small_cell(const std::string& implementation) {
  harness::Cell cell;
  cell.implementation = implementation;
  cell.micro_batch = 2;
  cell.sequence_length = 64;
  cell.model.preset = "small";
  cell.model.layers = 2;
  cell.model.hidden = 96;
  cell.model.heads = 4;
  cell.model.intermediate = 384;
  cell.model.vocabulary = kTestVocabulary;
  cell.model.max_positions = 64;
  cell.model.token_types = 2;
  cell.device.kind = "cpu";
  cell.data = {"windows", test_windows()};
  cell.global_batch = 2;
  cell.measure.rounds = 1;
  cell.measure.warmup_steps = 1;
  cell.measure.steps = 1;
  cell.measure.threads = 2;
  return cell;
}

}  // namespace worker
