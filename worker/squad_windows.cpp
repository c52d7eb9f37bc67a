#include "worker/squad_windows.h"

#include "squad/examples/examples.h"
#include "squad/features/make_windows.h"
#include "squad/features/window_cache.h"
#include "squad/text/tokenizer.h"
#include "squad/training/model_windows.h"

namespace worker {

std::vector<model::Window> squad_windows(const harness::DataSource& data, int64_t sequence_length,
                                         const std::optional<std::filesystem::path>& cache) {
  const harness::QuestionOptions& options = data.questions.value();
  const squad::Vocabulary vocabulary = squad::read_vocabulary(options.vocabulary);
  const squad::Tokenizer tokenizer(
      vocabulary, options.do_lower_case,
      options.compat == "bing" ? squad::Compat::kBing : squad::Compat::kGoogle);
  const squad::WindowOptions windows{
      .max_seq_length = static_cast<int32_t>(sequence_length),
      .doc_stride = static_cast<int32_t>(options.doc_stride),
      .max_query_length = static_cast<int32_t>(options.max_query_length)};
  const squad::Examples examples = squad::read_examples(data.file, squad::Purpose::kTraining);
  const squad::WindowSet set = cache
                                   ? squad::cached_windows(examples, tokenizer, windows, *cache).set
                                   : squad::make_windows(examples, tokenizer, windows);
  squad::require_windows(set, examples);
  return squad::training_windows(set);
}

}  // namespace worker
