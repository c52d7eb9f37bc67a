#include "machine/memory_findings.h"

#include <fstream>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "machine/memory.h"
#include "machine/number_file.h"

namespace machine {
namespace {

namespace fs = std::filesystem;

/// What a worker and its libraries need before any tensor, and some room.
constexpr int64_t kLeastBytes = int64_t{2} << 30;

std::string gibibytes(int64_t bytes) {
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1 << 30));
}

Finding free_memory(const fs::path& root) {
  const auto available = available_memory_bytes(root);
  const auto total_kib = read_named_number(root / "proc/meminfo", "MemTotal:");
  if (!available || !total_kib) {
    return {Verdict::kUnknown, "free memory", "the kernel does not say", "see free"};
  }
  const auto what = fmt::format("{} of {}", gibibytes(*available), gibibytes(*total_kib * 1024));
  if (*available >= kLeastBytes) return {Verdict::kOk, "free memory", what, ""};
  return {Verdict::kDisturbs, "free memory",
          what + ": cells are skipped, or the kernel ends workers",
          "end what holds memory, or raise the container's limit (docker: --memory)"};
}

Finding swap(const fs::path& root) {
  const auto meminfo = root / "proc/meminfo";
  const auto total_kib = read_named_number(meminfo, "SwapTotal:");
  const auto free_kib = read_named_number(meminfo, "SwapFree:");
  if (!total_kib || !free_kib) {
    return {Verdict::kUnknown, "swap", "the kernel does not say", "see swapon"};
  }
  if (*total_kib == 0) return {Verdict::kOk, "swap", "none", ""};
  const int64_t used = (*total_kib - *free_kib) * 1024;
  if (used == 0) return {Verdict::kOk, "swap", "not in use", ""};
  return {Verdict::kDisturbs, "swap",
          gibibytes(used) + " in use: pages come back from the disk while a step runs",
          "end what holds memory, then swapoff -a"};
}

Finding huge_pages(const fs::path& root) {
  std::ifstream file(root / "sys/kernel/mm/transparent_hugepage/enabled");
  const std::string modes(std::istreambuf_iterator<char>(file), {});
  const auto open = modes.find('[');
  const auto close = modes.find(']');
  if (open == modes.npos || close == modes.npos || close < open) {
    return {Verdict::kUnknown, "huge pages", "the kernel does not say", ""};
  }
  const auto mode = modes.substr(open + 1, close - open - 1);
  if (mode != "always") return {Verdict::kOk, "huge pages", mode, ""};
  return {Verdict::kDisturbs, "huge pages",
          "always: whether a process gets them depends on what is free when it starts",
          "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"};
}

}  // namespace

Findings memory_findings(const fs::path& root) {
  return {free_memory(root), swap(root), huge_pages(root)};
}

}  // namespace machine
