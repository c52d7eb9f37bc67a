#include "apps/bench_kernels/setting.h"

#include <array>

#include "harness/spec/presets.h"

namespace apps {
namespace {

struct MeasuredModel {
  const char* preset;
  int64_t micro_batch;
};

constexpr std::array<MeasuredModel, 3> kModels = {
    {{"bert-large", 4}, {"bert-base", 4}, {"minilm-l6", 8}}};
constexpr std::array<at::ScalarType, 2> kDtypes = {at::kFloat, at::kBFloat16};

}  // namespace

std::string Setting::precision() const {
  return dtype == at::kFloat ? "fp32" : "bf16";
}

std::vector<Setting> settings(int64_t sequence) {
  std::vector<Setting> all;
  for (const at::ScalarType dtype : kDtypes) {
    for (const MeasuredModel& model : kModels) {
      const harness::ModelShape shape = harness::preset_shape(model.preset);
      Setting setting;
      setting.model = model.preset;
      setting.batch = model.micro_batch;
      setting.sequence = sequence;
      setting.heads = shape.heads;
      setting.hidden = shape.hidden;
      setting.intermediate = shape.intermediate;
      setting.dtype = dtype;
      all.push_back(setting);
    }
  }
  return all;
}

}  // namespace apps
