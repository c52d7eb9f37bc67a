#include "harness/spec/baseline.h"

namespace harness {

bool may_be_baseline(const std::string& implementation, const std::string& baseline) {
  return baseline == kBestBaseline ? implementation.starts_with("pytorch_")
                                   : implementation == baseline;
}

}  // namespace harness
