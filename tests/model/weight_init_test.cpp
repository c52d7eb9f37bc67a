#include "model/weight_init.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace model {
namespace {

/// Golden values by Python's torch 2.11.0: torch.empty(sizes).normal_(0, 0.02, generator=g), g
/// seeded with the name's FNV-1a hash ^ the seed. examples/hf_bert/bert.py draws them like that,
/// and tests/examples/hf_whole_test.py holds it against the same values.
struct Golden {
  const char* name;
  std::vector<int64_t> sizes;
  uint64_t seed;
  std::vector<double> first;
};

TEST(WeightInit, weights_are_those_that_torch_draws_in_python) {
  const Golden golden[] = {{"bert.embeddings.word_embeddings.weight",
                            {3, 8},
                            7,
                            {0.0175745673, -0.0135091478, -0.00212859758, 0.0219711624}},
                           {"qa_outputs.weight",
                            {2, 5},
                            3,
                            {0.0322648846, -0.00265583489, -0.00742146187, -0.0277083479}}};
  for (const auto& [name, sizes, seed, first] : golden) {
    const auto parameter = make_parameter(name, sizes, true, at::TensorOptions(at::kFloat));
    const WeightView weight{name, parameter.tensor, 0, sizes[0]};
    initialize_weight(weight, seed);
    const auto flat = weight.value().flatten();
    for (size_t i = 0; i < first.size(); ++i) {
      EXPECT_NEAR(flat[static_cast<int64_t>(i)].item<double>(), first[i], 1e-8) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace model
