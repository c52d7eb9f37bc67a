#include "reports/gate_junit.h"

#include <sstream>

#include <pugixml.hpp>

#include "harness/analysis/cell_label.h"
#include "reports/gate_text.h"
#include "reports/words.h"

namespace reports {

using harness::CellVerdict;
using harness::GateResult;
using harness::Verdict;

/// `element` in the test case, with the reason.
static void append_outcome(pugi::xml_node test, const char* element, const CellVerdict& cell) {
  pugi::xml_node outcome = test.append_child(element);
  outcome.append_attribute("type") = std::string(to_string(cell.verdict)).c_str();
  outcome.append_attribute("message") = one_line(verdict_reason(cell)).c_str();
}

static void append_property(pugi::xml_node properties, const char* name, const std::string& value) {
  if (value.empty()) return;
  pugi::xml_node property = properties.append_child("property");
  property.append_attribute("name") = name;
  property.append_attribute("value") = value.c_str();
}

static void append_cell(pugi::xml_node suite, const GateResult& result, const CellVerdict& cell) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = result.name.c_str();
  test.append_attribute("name") = cell_label(cell.cell, result.axes).c_str();
  pugi::xml_node properties = test.append_child("properties");
  append_property(properties, "time", time_change_text(cell.time));
  append_property(properties, "memory", memory_change_text(cell.memory));
  append_property(properties, "status", status_change_text(cell.status));
  if (cell.verdict == Verdict::kFailed) append_outcome(test, "failure", cell);
  if (cell.verdict == Verdict::kInconclusive) append_outcome(test, "error", cell);
  if (cell.verdict == Verdict::kSkipped) append_outcome(test, "skipped", cell);
}

std::string gate_junit(const GateResult& result) {
  pugi::xml_document document;
  pugi::xml_node suite = document.append_child("testsuites").append_child("testsuite");
  suite.append_attribute("name") = ("bench_sweep gate " + result.name).c_str();
  suite.append_attribute("tests") = static_cast<long long>(result.cells.size());
  suite.append_attribute("failures") = static_cast<long long>(result.count(Verdict::kFailed));
  suite.append_attribute("errors") = static_cast<long long>(result.count(Verdict::kInconclusive));
  suite.append_attribute("skipped") = static_cast<long long>(result.count(Verdict::kSkipped));
  for (const CellVerdict& cell : result.cells) append_cell(suite, result, cell);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace reports
