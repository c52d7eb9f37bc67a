#include "harness/spec/presets.h"

#include <array>
#include <stdexcept>

namespace harness {
namespace {

struct Preset {
  const char* name;
  int64_t layers;
  int64_t hidden;
  int64_t heads;
  int64_t intermediate;
};

// minilm-l6: the shape of MiniLM-L6-H384; bert-base and bert-large: Devlin et al. 2018.
constexpr std::array<Preset, 3> kPresets = {{
    {"minilm-l6", 6, 384, 12, 1536},
    {"bert-base", 12, 768, 12, 3072},
    {"bert-large", 24, 1024, 16, 4096},
}};

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : kPresets) {
    names.emplace_back(preset.name);
  }
  return names;
}

ModelShape preset_shape(const std::string& name) {
  for (const Preset& preset : kPresets) {
    if (name == preset.name) {
      ModelShape shape;
      shape.preset = preset.name;
      shape.layers = preset.layers;
      shape.hidden = preset.hidden;
      shape.heads = preset.heads;
      shape.intermediate = preset.intermediate;
      shape.vocabulary = 30522;
      shape.max_positions = 512;
      shape.token_types = 2;
      return shape;
    }
  }
  throw std::out_of_range("no preset named '" + name + "'");
}

}  // namespace harness
