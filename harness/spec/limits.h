#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace harness {

// Bounds on the numbers of a sweep file: far above what anybody trains, and small enough that
// products of them (batch * heads * sequence^2 elements) stay within 64 bits.
inline constexpr int64_t kMaxMicroBatch = 65536;
inline constexpr int64_t kMaxGlobalBatch = int64_t{1} << 20;
inline constexpr int64_t kMaxSequenceLength = 65536;
inline constexpr int64_t kMaxLayers = 1024;
inline constexpr int64_t kMaxHeads = 1024;
inline constexpr int64_t kMaxHidden = 65536;
inline constexpr int64_t kMaxIntermediate = int64_t{1} << 18;
inline constexpr int64_t kMaxVocabulary = int64_t{1} << 24;
inline constexpr int64_t kMaxTokenTypes = 1024;
inline constexpr int64_t kMaxRounds = 1000;
inline constexpr int64_t kMaxSteps = 100000;
inline constexpr int64_t kMaxThreads = 4096;
inline constexpr double kMaxTimeoutSeconds = 7 * 24 * 3600;
inline constexpr int64_t kMaxBytes = int64_t{1} << 50;
/// Candidate cells of one sweep.
inline constexpr int64_t kMaxCells = 100000;
/// What `measure.pinning` may be.
inline const std::vector<std::string> kPinnings = {"none", "compact"};
/// Steps before those that a CUDA graph is timed in: one initializes libraries, one is recorded.
inline constexpr int64_t kGraphWarmupSteps = 2;
/// What `data.source` may be.
inline const std::vector<std::string> kDataSources = {"windows", "squad"};
/// Whose text processing questions may have.
inline const std::vector<std::string> kCompats = {"google", "bing"};
/// Of the tokens of a paragraph; a question's have 0.
inline constexpr int64_t kLargestTokenType = 1;
/// Bytes of a sweep file or a model's config.json.
inline constexpr int64_t kMaxDocumentBytes = int64_t{1} << 22;

}  // namespace harness
