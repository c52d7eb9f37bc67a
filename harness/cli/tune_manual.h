#pragma once

namespace harness {

// The manual page of `tune`, but for its exit status.

extern const char* const kTuneManual;
extern const char* const kTuneManualFiles;

}  // namespace harness
