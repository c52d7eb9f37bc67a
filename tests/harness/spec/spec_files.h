#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/protocol/catalog.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// What the program's own catalog looks like, fixed here so that the tests stay when it grows.
inline Catalog sample_catalog() {
  const std::string why = "the whole layer is recomputed";
  Catalog catalog;
  catalog.flags = {
      {"normalize_invertible", true, Recompute::kNothing, {"activation_checkpoint"}, why},
      {"gelu_checkpoint", true, Recompute::kIntermediate, {"activation_checkpoint"}, why},
      {"attn_dropout_checkpoint", true, Recompute::kAttention, {"activation_checkpoint"}, why},
      {"activation_checkpoint", true, Recompute::kLayer, {}, ""},
      {"stochastic_mode", false, Recompute::kNothing, {}, ""},
  };
  catalog.implementations = {
      {"pytorch_eager", {"activation_checkpoint"}},
      {"pytorch_tuned", {"activation_checkpoint"}},
      {"fused",
       {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint",
        "activation_checkpoint", "stochastic_mode"}},
  };
  catalog.optimizers = {"adamw"};
  return catalog;
}

inline constexpr int64_t kGiB = int64_t{1} << 30;

/// The sweep file of the design's example.
inline nlohmann::ordered_json v100_document() {
  return nlohmann::ordered_json::parse(R"({
    "name": "v100_32g",
    "device": {"kind": "cuda", "memory_limit": "32 GiB", "reserved": "1 GiB"},
    "model": {"preset": "bert-large", "layer_norm": "post", "gelu": "erf", "dropout": 0.1},
    "data": {"source": "windows", "file": "windows.safetensors"},
    "axes": {
      "implementation": ["pytorch_eager", "pytorch_tuned", "fused"],
      "micro_batch": [4, 6, 12, 24, 32],
      "sequence_length": [384],
      "precision": ["fp16"],
      "optimizer": ["adamw"],
      "flags": "cheapest"
    },
    "global_batch": 24,
    "exclude": [{"when": {"implementation": "pytorch_eager", "micro_batch": 32}, "reason": "slow"}],
    "baseline": "pytorch_eager",
    "measure": {"rounds": 6, "warmup_steps": 2, "steps": 10, "timeout": "300 s", "threads": 0,
                "seed": 1},
    "flag_table_limits": ["16 GiB", "32 GiB"],
    "published": "published.csv"
  })");
}

/// The least that a sweep file may say.
inline nlohmann::ordered_json smallest_document() {
  return nlohmann::ordered_json::parse(R"({
    "name": "small",
    "device": {"kind": "cpu"},
    "model": {"preset": "minilm-l6"},
    "data": {"source": "windows", "file": "windows.safetensors"},
    "axes": {"implementation": ["pytorch_eager", "fused"], "micro_batch": [4]}
  })");
}

/// A folder of its own for every test, with the files that the documents above name.
class SpecFiles : public testing::Test {
 protected:
  SpecFiles() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::temp_directory_path() / (std::string(info->test_suite_name()) + "." +
                                                  info->name() + "." + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    write("windows.safetensors", windows_file(2, 384));
    write("published.csv", "table\n");
  }
  ~SpecFiles() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

  SweepSpec read(const nlohmann::ordered_json& document) const {
    write("sweep.json", document.dump());
    return read_spec(folder_ / "sweep.json", sample_catalog());
  }

  /// What is wrong with a sweep file, without its path; "" where nothing is.
  std::string error_of_text(const std::string& text) const {
    write("sweep.json", text);
    const std::string file = (folder_ / "sweep.json").string();
    try {
      read_spec(file, sample_catalog());
    } catch (const SpecError& error) {
      const std::string line = error.what();
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
      EXPECT_NE(line.find("; "), std::string::npos) << "says what to do: " << line;
      return line.starts_with(file + ":") ? line.substr(file.size() + 1) : line;
    }
    return "";
  }
  std::string error_of(const nlohmann::ordered_json& document) const {
    return error_of_text(document.dump());
  }
  /// The smallest document with `value` at `pointer` is wrong how?
  std::string error_with(const std::string& pointer, const std::string& value) const {
    nlohmann::ordered_json document = smallest_document();
    document[nlohmann::ordered_json::json_pointer(pointer)] = nlohmann::ordered_json::parse(value);
    return error_of(document);
  }

  /// A safetensors file of `windows` windows of `length` tokens, none of them padding; all ids and
  /// positions are 0, and the last token of the last window has `last_id` and `last_type`.
  static std::string windows_file(int64_t windows, int64_t length, uint8_t last_id = 0,
                                  uint8_t last_type = 0) {
    nlohmann::ordered_json header;
    int64_t end = 0;
    const auto add = [&](const char* name, const char* dtype, int64_t bytes, bool per_token) {
      const int64_t begin = end;
      end += bytes * windows * (per_token ? length : 1);
      header[name] = {{"dtype", dtype}, {"shape", {windows}}, {"data_offsets", {begin, end}}};
      if (per_token) {
        header[name]["shape"].push_back(length);
      }
    };
    add("input_ids", "I32", 4, true);
    add("start_positions", "I32", 4, false);
    add("end_positions", "I32", 4, false);
    add("attention_mask", "U8", 1, true);
    add("token_type_ids", "U8", 1, true);
    const std::string text = header.dump();
    std::string file;
    for (int shift = 0; shift < 64; shift += 8) {
      file += static_cast<char>((text.size() >> shift) & 0xff);
    }
    const auto tokens = static_cast<std::size_t>(windows * length);
    std::string ids(tokens * 4, '\0');
    std::string types(tokens, '\0');
    if (tokens > 0) {
      ids[tokens * 4 - 4] = static_cast<char>(last_id);
      types.back() = static_cast<char>(last_type);
    }
    return file + text + ids + std::string(static_cast<std::size_t>(windows) * 8, '\0') +
           std::string(tokens, '\1') + types;
  }

  std::filesystem::path folder_;
};

}  // namespace harness
