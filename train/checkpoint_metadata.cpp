#include "train/checkpoint_metadata.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"

namespace train {
namespace {

using nlohmann::json;

constexpr const char* kState = "engine_state";
constexpr const char* kAgreement = "agreement";

json to_json(const EngineState& state) {
  json object = {{"global_step", state.global_step}, {"updates", state.updates}};
  if (state.loss_scale) {
    const LossScale::State& scale = *state.loss_scale;
    object["loss_scale"] = {{"scale", scale.scale},
                            {"steps", scale.steps},
                            {"last_overflow", scale.last_overflow},
                            {"overflows_forgiven", scale.overflows_forgiven}};
  }
  return object;
}

EngineState to_state(const json& object) {
  EngineState state{.global_step = object.at("global_step").get<uint64_t>(),
                    .updates = object.at("updates").get<uint64_t>()};
  if (object.contains("loss_scale")) {
    const json& scale = object.at("loss_scale");
    state.loss_scale = {.scale = scale.at("scale").get<double>(),
                        .steps = scale.at("steps").get<int64_t>(),
                        .last_overflow = scale.at("last_overflow").get<int64_t>(),
                        .overflows_forgiven = scale.at("overflows_forgiven").get<int64_t>()};
  }
  return state;
}

}  // namespace

Agreement model_agreement(const model::BertConfig& config, at::ScalarType dtype) {
  return {
      {"layers", fmt::to_string(config.layers)},
      {"hidden", fmt::to_string(config.hidden)},
      {"heads", fmt::to_string(config.heads)},
      {"intermediate", fmt::to_string(config.intermediate)},
      {"vocabulary", fmt::to_string(config.vocabulary)},
      {"max_positions", fmt::to_string(config.max_positions)},
      {"token_types", fmt::to_string(config.token_types)},
      {"layer_norm_eps", fmt::to_string(config.layer_norm_eps)},
      {"layer_norm", config.layer_norm == model::LayerNormPlacement::kPre ? "pre" : "post"},
      {"gelu", config.gelu == model::Gelu::kErf ? "erf" : "tanh"},
      {"attention_dropout", fmt::to_string(config.attention_dropout)},
      {"hidden_dropout", fmt::to_string(config.hidden_dropout)},
      {"dtype", at::toString(dtype)},
  };
}

std::map<std::string, std::string> write_metadata(const CheckpointMetadata& metadata) {
  return {{kState, to_json(metadata.state).dump()}, {kAgreement, json(metadata.agreement).dump()}};
}

CheckpointMetadata read_metadata(const std::map<std::string, std::string>& metadata,
                                 const std::string& file) {
  try {
    return {to_state(json::parse(metadata.at(kState))),
            json::parse(metadata.at(kAgreement)).get<Agreement>()};
  } catch (const std::exception& error) {
    throw checkpoint::CheckpointError(
        fmt::format("{}: its metadata is not that of an engine checkpoint: {}", file,
                    checkpoint::printable(error.what())));
  }
}

void check_agreement(const Agreement& saved, const Agreement& run, const std::string& file) {
  const auto value = [](const Agreement& agreement, const std::string& name) {
    const auto found = agreement.find(name);
    return found == agreement.end() ? std::string("none") : checkpoint::printable(found->second);
  };
  Agreement names = saved;
  names.insert(run.begin(), run.end());
  for (const auto& [name, ignored] : names) {
    const std::string before = value(saved, name);
    const std::string now = value(run, name);
    if (before == now) continue;
    throw checkpoint::CheckpointError(
        fmt::format("{}: saved with {} {}, but this run has {}: go on with what it was saved with, "
                    "or start anew in another folder",
                    file, name, before, now));
  }
}

}  // namespace train
