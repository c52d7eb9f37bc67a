#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "worker/trace/activity.h"
#include "worker/trace/span.h"

namespace worker {

/// The spans, and what a device did for them, in Chrome's trace event format (JSON object format,
/// complete events, microseconds since the first span), which Perfetto and chrome://tracing open.
/// `metadata` becomes `otherData`.
/// Format: "Trace Event Format", Google,
/// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
nlohmann::json chrome_trace(const Spans& spans, const Activities& activities,
                            const nlohmann::json& metadata);

/// Writes `trace` so that the file is there whole or not at all. Throws std::runtime_error.
void write_trace(const std::filesystem::path& file, const nlohmann::json& trace);

}  // namespace worker
