#include "reports/html/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/html/record_details.h"
#include "reports/html/script_json.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

using namespace harness;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string page_of(const SampleRun& run) {
  const RunAnalysis analysis = analyze_run(run.info, run.records, flag_catalog());
  return html_report(run.info, run.records, analysis, run_tables(run.info, analysis));
}

/// The content of <script id="ID">.
json script_of(const std::string& page, const std::string& id) {
  const std::string begin = "id=\"" + id + "\">";
  const std::size_t from = page.find(begin) + begin.size();
  return json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST(ScriptJson, holds_nothing_that_ends_a_script) {
  const json value = {{"</script>", "<!-- & \xff"}};
  const std::string text = script_json(value);
  EXPECT_THAT(text, Not(HasSubstr("<")));
  EXPECT_EQ(json::parse(text), json({{"</script>", "<!-- & \xef\xbf\xbd"}}));
}

TEST(HtmlReport, gives_back_every_record) {
  const SampleRun run = measured_run();
  const json data = script_of(page_of(run), "records-data");
  ASSERT_EQ(data.at("records").size(), run.records.size());
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    json record = data["records"][i];
    const std::size_t number = record.at("number");
    record.erase("number");
    for (const char* key : {"cell", "environment", "build", "repro", "checks"}) {
      record[key] = data.at("shared").at(record.at(key).get<std::size_t>());
    }
    EXPECT_EQ(record, json(run.records[i])) << i;
    EXPECT_THAT(data.at("cells").at(number).at("title").get<std::string>(),
                HasSubstr(run.records[i].cell.implementation + ", flags " +
                          run.records[i].cell.flags_text()));
  }
}

TEST(HtmlReport, shares_what_records_have_in_common) {
  const json data = script_of(page_of(measured_run()), "records-data");
  const std::string shared = data.at("shared").dump();
  EXPECT_EQ(shared.find("abc123"), shared.rfind("abc123")) << "one build";
}

// Names and reasons come from sweep files and from what crashed processes said.
TEST(HtmlReport, shows_hostile_texts_as_texts) {
  const std::string hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";
  SampleRun run = measured_run();
  run.info.name = hostile;
  run.info.device.reason = hostile;
  run.info.device.available = false;
  for (Record& record : run.records) {
    if (record.status != Status::kPassed) record.reason = hostile;
    record.environment["cpu"] = hostile;
  }
  const std::string page = page_of(run);
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("<h1>&lt;/script&gt;&lt;script&gt;alert(1)"));
  EXPECT_EQ(script_of(page, "records-data").at("records").size(), run.records.size());
}

TEST(HtmlReport, loads_nothing) {
  const std::string page = page_of(measured_run());
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  const std::string markup = page.substr(0, page.find("id=\"plots-data\""));
  EXPECT_THAT(markup, Not(HasSubstr(" src=")));
  EXPECT_THAT(markup, Not(HasSubstr("url(")));
  EXPECT_THAT(markup, Not(HasSubstr("@import")));
  const std::string link = "href=\"";
  for (std::size_t at = 0; (at = markup.find(link, at)) != std::string::npos;) {
    at += link.size();
    EXPECT_TRUE(markup[at] == '#' || markup.substr(at, 5) == "data:") << markup.substr(at, 40);
  }
  EXPECT_THAT(page.substr(markup.size()), Not(HasSubstr("<script src")));
}

TEST(HtmlReport, keeps_the_licence_of_what_it_contains) {
  const std::string page = page_of({});
  EXPECT_THAT(page, HasSubstr("Chart.js v3.9.1"));
  EXPECT_THAT(page, HasSubstr("Permission is hereby granted, free of charge"));
}

TEST(HtmlReport, has_the_sections_that_the_run_has_something_for) {
  const std::string measured = page_of(measured_run());
  for (const char* id : {"speedup", "rate", "requirements", "memory", "costs", "drift", "cells"}) {
    EXPECT_THAT(measured, HasSubstr("<section id=\"" + std::string(id) + "\">"));
  }
  EXPECT_THAT(measured, Not(HasSubstr("<section id=\"optimizers\">")));
  EXPECT_THAT(measured, Not(HasSubstr("<section id=\"operators\">")));
  EXPECT_THAT(page_of(two_optimizers_run()), HasSubstr("<section id=\"optimizers\">"));
}

TEST(HtmlReport, says_what_a_run_without_its_device_has) {
  const std::string page = page_of(planned_run());
  EXPECT_THAT(page, HasSubstr("No CUDA device was found: this build has no CUDA."));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"rate\">")));
  EXPECT_THAT(page, HasSubstr("<section id=\"memory\">"));
  EXPECT_THAT(page, HasSubstr(" (planned)</td>"));
  EXPECT_THAT(page, HasSubstr("Published: A tutorial, tables 2 to 4."));
  EXPECT_THAT(page, HasSubstr("data-column=\"published_speedup\""));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">37.78</td><td class=\"number\">50.82</td>"));
}

TEST(HtmlReport, shows_why_a_sweep_has_no_speedups) {
  SampleRun run = measured_run();
  run.info.baseline = "best";
  const auto is_pytorch = [](const auto& of_cell) {
    return of_cell.cell.implementation.starts_with("pytorch_");
  };
  std::erase_if(run.info.plans, is_pytorch);
  std::erase_if(run.records, is_pytorch);
  EXPECT_THAT(page_of(run), HasSubstr("No speedups: the baseline &quot;best&quot;"));
}

TEST(HtmlReport, an_empty_run_is_a_page) {
  const std::string page = page_of({});
  EXPECT_THAT(page, HasSubstr("nothing was measured"));
  EXPECT_THAT(page, HasSubstr("</html>"));
}

}  // namespace
}  // namespace reports
