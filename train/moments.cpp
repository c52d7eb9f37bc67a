#include "train/moments.h"

#include "train/slices.h"

namespace train {

std::vector<Moments> make_moments(const std::vector<model::Parameter>& parameters) {
  const at::NoGradGuard no_grad;
  std::vector<Moments> all;
  all.reserve(parameters.size());
  for (const model::Parameter& parameter : parameters) {
    const at::Tensor values = parameter.tensor.detach();
    Moments& moments = all.emplace_back();
    moments.master = is_reduced(values) ? values.to(at::kFloat) : values;
    moments.first_moment = at::zeros_like(moments.master);
    moments.second_moment = at::zeros_like(moments.master);
  }
  return all;
}

std::vector<model::StateTensor> state_tensors(const std::vector<model::Parameter>& parameters,
                                              const std::vector<Moments>& moments) {
  std::vector<model::StateTensor> tensors;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const model::Parameter& parameter = parameters[i];
    if (is_reduced(parameter.tensor)) {
      tensors.push_back({"master." + parameter.name, moments[i].master});
    }
    tensors.push_back({"first_moment." + parameter.name, moments[i].first_moment});
    tensors.push_back({"second_moment." + parameter.name, moments[i].second_moment});
  }
  return tensors;
}

}  // namespace train
