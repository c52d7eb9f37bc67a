// Any bytes as a file of questions, for training, for prediction and as the key of an evaluation.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/error.h"
#include "squad/evaluation/answer_key.h"
#include "squad/examples/examples.h"

namespace {

void check(const squad::Examples& examples) {
  if (examples.examples.empty()) __builtin_trap();
  for (const squad::Example& example : examples.examples) {
    const squad::Document& document = examples.documents.at(example.document);
    if (!example.answer) continue;
    const auto words = static_cast<int32_t>(document.words.size());
    const squad::WordSpan& answer = *example.answer;
    if (answer.first < 0 || answer.first > answer.last || answer.last >= words) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const squad::Purpose purpose : {squad::Purpose::kTraining, squad::Purpose::kPrediction}) {
    try {
      check(squad::parse_examples(text, "fuzz", purpose));
    } catch (const json::Error&) {
    }
  }
  try {
    squad::parse_answer_key(text, "fuzz");
  } catch (const json::Error&) {
  }
  return 0;
}
