#include "kernels/core/simd_level.h"

#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/core/simd_level.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

int64_t compiled_target() {
  return HWY_TARGET;
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(compiled_target);

namespace {

SimdLevel level_of(int64_t target) {
  return {target, hwy::TargetName(target)};
}

}  // namespace

std::vector<SimdLevel> supported_simd_levels() {
  std::vector<SimdLevel> levels;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    levels.push_back(level_of(target));
  }
  return levels;
}

SimdLevel active_simd_level() {
  return level_of(HWY_DYNAMIC_DISPATCH(compiled_target)());
}

void force_simd_level(const SimdLevel& level) {
  hwy::SetSupportedTargetsForTest(level.target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

void reset_simd_level() {
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
}

}  // namespace kernels
#endif  // HWY_ONCE
