#pragma once

#include "checkpoint/tensor_file.h"

namespace checkpoint::names {

/// Who wrote a checkpoint of BERT.
enum class CheckpointType { kHuggingFace, kTensorFlow, kDeepSpeed };

/// By what the file holds: TensorFlow's format; the dict that DeepSpeed's engine saves its model
/// in, or BingBertSquad's or the kernel's names; everything else is HuggingFace's.
CheckpointType type_of(const TensorFile& file);

/// "HF", "TF" or "DS", as BingBertSquad's --ckpt_type says it.
const char* type_name(CheckpointType type);

}  // namespace checkpoint::names
