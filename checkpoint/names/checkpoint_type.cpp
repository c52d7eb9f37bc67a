#include "checkpoint/names/checkpoint_type.h"

#include <algorithm>

namespace checkpoint::names {
namespace {

bool is_deepspeeds(const std::string& name) {
  return name.starts_with("module/") || name.starts_with("model_state_dict/") ||
         name.ends_with(".attn_qkvw") || name.ends_with(".intermediate.dense_act.weight");
}

}  // namespace

CheckpointType type_of(const TensorFile& file) {
  if (file.format() == "TensorFlow bundle") return CheckpointType::kTensorFlow;
  const auto& tensors = file.tensors();
  const bool deepspeed = std::any_of(tensors.begin(), tensors.end(), [](const TensorEntry& tensor) {
    return is_deepspeeds(tensor.name);
  });
  return deepspeed ? CheckpointType::kDeepSpeed : CheckpointType::kHuggingFace;
}

const char* type_name(CheckpointType type) {
  switch (type) {
    case CheckpointType::kHuggingFace:
      return "HF";
    case CheckpointType::kTensorFlow:
      return "TF";
    case CheckpointType::kDeepSpeed:
      return "DS";
  }
  return "";
}

}  // namespace checkpoint::names
