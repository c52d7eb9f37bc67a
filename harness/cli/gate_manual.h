#pragma once

namespace harness {

// The manual pages of `gate`, `selftest` and `compare`, but for their exit status.

extern const char* const kGateManual;
extern const char* const kGateManualFiles;
extern const char* const kSelfTestManual;
extern const char* const kSelfTestManualFiles;
extern const char* const kCompareManual;
extern const char* const kCompareManualFiles;

}  // namespace harness
