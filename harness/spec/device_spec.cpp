#include "harness/spec/device_spec.h"

#include <string>

#include <fmt/format.h>

namespace harness {

Device read_device(const SpecNode& node) {
  Device device;
  device.kind = node.at("kind").name_among(kDeviceKinds, "device kind");
  std::vector<std::string> keys = {"kind", "memory_limit", "reserved"};
  if (device.kind == kSimulatedKind) keys.emplace_back(kSimulatedKind);
  node.only_keys(keys);
  if (const auto limit = node.find("memory_limit")) {
    device.memory_limit_bytes = limit->bytes(1);
  }
  if (const auto reserved = node.find("reserved")) {
    device.reserved_bytes = reserved->bytes(0);
    if (device.memory_limit_bytes && device.reserved_bytes >= *device.memory_limit_bytes) {
      reserved->fail(fmt::format("{} bytes reserved leave nothing of the memory limit of {} bytes",
                                 device.reserved_bytes, *device.memory_limit_bytes),
                     "reserve less, or raise 'memory_limit'");
    }
  }
  return device;
}

std::vector<int64_t> read_flag_table_limits(const SpecNode& node, int64_t reserved_bytes) {
  const std::vector<SpecNode> elements = node.elements();
  std::vector<int64_t> limits;
  std::vector<std::string> texts;
  for (const SpecNode& element : elements) {
    limits.push_back(element.bytes(1));
    texts.push_back(std::to_string(limits.back()));
    if (limits.back() <= reserved_bytes) {
      element.fail(fmt::format("{} is not more than the {} bytes of 'reserved'", element.shown(),
                               reserved_bytes),
                   "give a larger limit, or reserve less");
    }
  }
  require_distinct(elements, texts);
  return limits;
}

}  // namespace harness
