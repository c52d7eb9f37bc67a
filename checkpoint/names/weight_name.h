#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkpoint::names {

/// Who names a BERT weight. The model's own names are HuggingFace's.
enum class Scheme {
  kHuggingFace,
  kTensorFlow,  ///< google-research/bert's variables
  kBingBert,    ///< DeepSpeedExamples' BingBertSquad without the kernel
  kKernel,      ///< DeepSpeed's transformer kernel: Q, K and V are one tensor
};

/// Rows of a tensor: all of them, or one third of a packed Q, K, V.
enum class Part : uint8_t { kWhole, kQuery, kKey, kValue };

/// What a tensor of a file is to a model: one weight by its HuggingFace name, or a part of it.
struct WeightName {
  std::string name;
  Part part = Part::kWhole;
  bool transposed = false;  ///< the file has [inputs, outputs]

  bool operator==(const WeightName&) const = default;
};

enum class NameKind {
  kWeight,  ///< of the encoder or the span head
  kOther,   ///< known, and no weight of them: pre-training heads, optimizer slots, counters, ids
  kUnknown,
};

struct NameMeaning {
  NameKind kind = NameKind::kUnknown;
  std::vector<WeightName> weights = {};  ///< one; three for a packed Q, K, V
};

/// What a tensor of that name is, whoever named it: any scheme, LayerNorm's old names gamma and
/// beta, with or without "bert.", "module." (DataParallel), and the keys "module/",
/// "model_state_dict/" and "state_dict/" of a dict around it.
NameMeaning meaning_of(std::string_view name);

/// A weight's name in `scheme`; `pre_layer_norm` as BingBert names those of Pre-LN models. Empty
/// where the scheme has no such weight, or `huggingface_name` is none.
std::string name_in(Scheme scheme, std::string_view huggingface_name, bool pre_layer_norm);

}  // namespace checkpoint::names
