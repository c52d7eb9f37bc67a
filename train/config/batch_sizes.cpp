#include "train/config/batch_sizes.h"

#include <optional>
#include <string>

#include <fmt/format.h>

namespace train {
namespace {

constexpr char kGlobal[] = "train_batch_size";
constexpr char kMicro[] = "train_micro_batch_size_per_gpu";
constexpr char kAccumulation[] = "gradient_accumulation_steps";

/// Of each size, so that their product is a number.
constexpr int64_t kMost = 1'000'000;

std::optional<int64_t> read_size(const json::Node& root, const char* key) {
  const auto node = root.find(key);
  return node ? std::optional(node->integer(1, kMost)) : std::nullopt;
}

}  // namespace

BatchSizes read_batch_sizes(const json::Node& root, int64_t processes,
                            const BatchOverrides& overrides) {
  const std::optional<int64_t> file_global = read_size(root, kGlobal);
  const std::optional<int64_t> file_micro = read_size(root, kMicro);
  const std::optional<int64_t> global = overrides.global ? overrides.global : file_global;
  const std::optional<int64_t> micro = overrides.micro ? overrides.micro : file_micro;
  std::optional<int64_t> accumulation = read_size(root, kAccumulation);
  if (global && micro && (overrides.global || overrides.micro)) accumulation.reset();
  if (!global && !micro) {
    root.fail(fmt::format("neither {} nor {} is given; give one of them", kGlobal, kMicro));
  }
  BatchSizes sizes;
  if (global && micro) {
    sizes = {*global, *micro, accumulation.value_or(*global / *micro / processes)};
  } else if (global) {
    sizes.accumulation_steps = accumulation.value_or(1);
    sizes.global = *global;
    sizes.micro = *global / processes / sizes.accumulation_steps;
  } else {
    sizes.micro = *micro;
    sizes.accumulation_steps = accumulation.value_or(1);
    sizes.global = sizes.micro * sizes.accumulation_steps * processes;
  }
  const int64_t product = sizes.micro * sizes.accumulation_steps * processes;
  if (product != sizes.global) {
    const auto part = [](int64_t size, const char* key, bool given, bool overridden = false) {
      return fmt::format("{} ({}{}{})", size, overridden ? "--" : "", key,
                         given ? "" : ", which follows");
    };
    const std::string right =
        fmt::format("is not {} x {} x {} (processes) = {}; make both sides equal",
                    part(sizes.micro, kMicro, micro.has_value(), overrides.micro.has_value()),
                    part(sizes.accumulation_steps, kAccumulation, accumulation.has_value()),
                    processes, product);
    if (overrides.global) root.fail(part(sizes.global, kGlobal, true, true) + " " + right);
    root.member(kGlobal).fail(fmt::format("{} {}", sizes.global, right));
  }
  return sizes;
}

}  // namespace train
