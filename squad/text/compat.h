#pragma once

namespace squad {

/// Whose text processing is followed where the two published programs differ.
enum class Compat {
  kGoogle,  ///< google-research/bert, run_squad.py and tokenization.py
  kBing,    ///< DeepSpeedExamples' BingBertSquad
};

}  // namespace squad
