#include "harness/spec/cell_check.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checkpoint/safetensors.h"
#include "harness/protocol/strict_object.h"
#include "harness/spec/entry_names.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/limits.h"
#include "harness/spec/line_count.h"
#include "harness/spec/measure_spec.h"
#include "harness/spec/nearest_name.h"
#include "harness/spec/window_contents.h"
#include "machine/program_path.h"

namespace harness {
namespace {

void check_name(const std::string& path, const std::string& name,
                const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw ProtocolPathError(path, fmt::format("unknown name '{}'; {}", name, suggest(name, known)));
  }
}

void check_range(const std::string& path, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) {
    throw ProtocolPathError(path,
                            fmt::format("{} is not an integer from {} to {}", value, low, high));
  }
}

void check_flags(const Cell& cell, const Catalog& catalog) {
  for (std::size_t i = 0; i < cell.flags.size(); ++i) {
    check_name(fmt::format("/flags/{}", i), cell.flags[i], names_of(catalog.flags));
  }
  const FlagSet ordered = in_catalog_order(catalog, cell.flags);
  if (ordered != cell.flags) {
    throw ProtocolPathError(
        "/flags", fmt::format("write each flag once, in this order: {}", fmt::join(ordered, ", ")));
  }
  if (const auto conflict = find_conflict(catalog, cell.flags)) {
    throw ProtocolPathError("/flags", *conflict);
  }
  if (!supports(catalog.implementation(cell.implementation), cell.flags)) {
    throw ProtocolPathError(
        "/flags", fmt::format("{} does not support {}", cell.implementation, cell.flags_text()));
  }
}

void check_dropout(const std::string& path, double probability) {
  if (!(probability >= 0 && probability < 1)) {
    throw ProtocolPathError(path,
                            fmt::format("{} is not a probability from 0 to below 1", probability));
  }
}

void check_model(const ModelShape& model) {
  check_range("/model/layers", model.layers, 1, kMaxLayers);
  check_range("/model/hidden", model.hidden, 1, kMaxHidden);
  check_range("/model/heads", model.heads, 1, kMaxHeads);
  check_range("/model/intermediate", model.intermediate, 1, kMaxIntermediate);
  check_range("/model/vocabulary", model.vocabulary, 1, kMaxVocabulary);
  check_range("/model/max_positions", model.max_positions, 1, kMaxSequenceLength);
  check_range("/model/token_types", model.token_types, 1, kMaxTokenTypes);
  check_name("/model/layer_norm", model.layer_norm, {"post", "pre"});
  check_name("/model/gelu", model.gelu, {"erf", "tanh"});
  check_dropout("/model/attention_dropout", model.attention_dropout);
  check_dropout("/model/hidden_dropout", model.hidden_dropout);
  if (!(model.layer_norm_eps > 0 && model.layer_norm_eps < 1)) {
    throw ProtocolPathError("/model/layer_norm_eps",
                            fmt::format("{} is not between 0 and 1", model.layer_norm_eps));
  }
  if (model.hidden % model.heads != 0) {
    throw ProtocolPathError("/model/heads", fmt::format("hidden size {} cannot be split among {}",
                                                        model.hidden, model.heads));
  }
}

void check_device(const Device& device) {
  check_name("/device/kind", device.kind, kDeviceKinds);
  const int64_t limit = device.memory_limit_bytes.value_or(kMaxBytes);
  check_range("/device/memory_limit_bytes", limit, 1, kMaxBytes);
  check_range("/device/reserved_bytes", device.reserved_bytes, 0, limit - 1);
}

void check_measure(const Measure& measure, const Device& device) {
  check_range("/measure/rounds", measure.rounds, 1, kMaxRounds);
  check_range("/measure/warmup_steps", measure.warmup_steps, 0, kMaxSteps);
  check_range("/measure/steps", measure.steps, 1, kMaxSteps);
  check_range("/measure/threads", measure.threads, 0, kMaxThreads);
  check_name("/measure/pinning", measure.pinning, kPinnings);
  if (const auto error = graph_error(measure, device); !error.empty()) {
    throw ProtocolPathError("/measure/cuda_graph", error);
  }
  if (!(measure.timeout_s > 0 && measure.timeout_s <= kMaxTimeoutSeconds)) {
    throw ProtocolPathError("/measure/timeout_s",
                            fmt::format("{} is not above 0 and at most {} seconds",
                                        measure.timeout_s, kMaxTimeoutSeconds));
  }
}

void check_file(const std::string& path, const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw ProtocolPathError(path, fmt::format("no file '{}'", file));
  }
}

/// As far as the driver can tell; what the files say is read by the worker that plans.
void check_questions(const Cell& cell, const QuestionOptions& questions) {
  check_file("/data/file", cell.data.file);
  check_file("/data/vocabulary", questions.vocabulary);
  check_range("/data/doc_stride", questions.doc_stride, 1, kMaxSequenceLength);
  check_range("/data/max_query_length", questions.max_query_length, 1, kMaxSequenceLength);
  check_name("/data/compat", questions.compat, kCompats);
  check_range("/sequence_length", cell.sequence_length, 1, cell.model.max_positions);
  check_range("/model/vocabulary", cell.model.vocabulary, count_lines(questions.vocabulary),
              kMaxVocabulary);
  check_range("/model/token_types", cell.model.token_types, kLargestTokenType + 1, kMaxTokenTypes);
}

void check_windows(const Cell& cell) {
  WindowContents contents;
  try {
    contents = read_window_contents(cell.data.file, cell.sequence_length);
  } catch (const checkpoint::SafetensorsError& error) {
    throw ProtocolPathError("/data/file", error.what());
  }
  check_range("/sequence_length", cell.sequence_length, 1,
              std::min(contents.length, cell.model.max_positions));
  check_range("/model/vocabulary", cell.model.vocabulary, contents.largest_id + 1, kMaxVocabulary);
  check_range("/model/token_types", cell.model.token_types, contents.largest_type + 1,
              kMaxTokenTypes);
}

void check_data(const Cell& cell) {
  check_name("/data/source", cell.data.source, kDataSources);
  if (cell.data.questions) return check_questions(cell, *cell.data.questions);
  check_windows(cell);
}

}  // namespace

void check_cell(const Cell& cell, const Catalog& catalog) {
  if (cell.worker.empty()) {
    check_name("/implementation", cell.implementation, names_of(catalog.implementations));
  } else if (!machine::find_program(cell.worker.front())) {
    throw ProtocolPathError("/worker/0", fmt::format("no program '{}'", cell.worker.front()));
  }
  check_name("/precision", cell.precision, {"fp32", "bf16", "fp16"});
  check_name("/optimizer", cell.optimizer, catalog.optimizers);
  check_range("/micro_batch", cell.micro_batch, 1, kMaxMicroBatch);
  check_range("/sequence_length", cell.sequence_length, 1, kMaxSequenceLength);
  check_range("/global_batch", cell.global_batch, 1, kMaxGlobalBatch);
  check_flags(cell, catalog);
  check_model(cell.model);
  check_device(cell.device);
  check_measure(cell.measure, cell.device);
  check_data(cell);
}

}  // namespace harness
