#include "reports/gate_reports.h"

#include "harness/files/atomic_file.h"
#include "reports/gate_json.h"
#include "reports/gate_junit.h"
#include "reports/gate_markdown.h"

namespace reports {

void write_gate(const std::filesystem::path& dir, const harness::GateResult& result) {
  harness::write_file_atomically(dir / "gate.json", gate_json(result));
  harness::write_file_atomically(dir / "gate.xml", gate_junit(result));
  harness::write_file_atomically(dir / "gate.md", gate_markdown(result));
}

void write_self_test(const std::filesystem::path& dir,
                     const std::vector<harness::GateResult>& gates) {
  harness::write_file_atomically(dir / "selftest.json", self_test_json(gates));
}

}  // namespace reports
