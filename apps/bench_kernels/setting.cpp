#include "apps/bench_kernels/setting.h"

#include <array>

#include "harness/spec/presets.h"

namespace apps {
namespace {

struct MeasuredModel {
  const char* preset;
  int64_t micro_batch;
  int64_t cuda_micro_batch;
};

constexpr std::array<MeasuredModel, 3> kModels = {
    {{"bert-large", 4, 32}, {"bert-base", 4, 32}, {"minilm-l6", 8, 64}}};

}  // namespace

std::string Setting::precision() const {
  if (dtype == at::kHalf) return "fp16";
  return dtype == at::kFloat ? "fp32" : "bf16";
}

std::vector<Setting> settings(int64_t sequence, at::Device device,
                              const std::vector<at::ScalarType>& precisions) {
  std::vector<Setting> all;
  for (const at::ScalarType dtype : precisions) {
    for (const MeasuredModel& model : kModels) {
      const harness::ModelShape shape = harness::preset_shape(model.preset);
      Setting setting;
      setting.model = model.preset;
      setting.batch = device.is_cuda() ? model.cuda_micro_batch : model.micro_batch;
      setting.sequence = sequence;
      setting.heads = shape.heads;
      setting.hidden = shape.hidden;
      setting.intermediate = shape.intermediate;
      setting.dtype = dtype;
      setting.device = device;
      all.push_back(setting);
    }
  }
  return all;
}

}  // namespace apps
