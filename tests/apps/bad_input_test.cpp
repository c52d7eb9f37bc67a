#include <functional>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

class BadInput : public DriverFixture {
 protected:
  /// Exit status 2, one line that holds `what`, and nothing written or launched.
  static void expect_refused(const harness::ProcessResult& result, const std::string& what) {
    EXPECT_EQ(result.exit.exit_code, 2) << result.error_tail;
    EXPECT_THAT(result.error_tail, HasSubstr(what));
    EXPECT_THAT(result.error_tail, ::testing::StartsWith("bench_sweep: "));
    EXPECT_EQ(std::count(result.error_tail.begin(), result.error_tail.end(), '\n'), 1)
        << result.error_tail;
    EXPECT_EQ(result.output, "");
    EXPECT_FALSE(fs::exists("out"));
    EXPECT_FALSE(fs::exists("runs"));
    EXPECT_FALSE(fs::exists("log"));
  }

  /// The same of the small sweep with the value at `pointer` replaced; the error names `path`.
  static void expect_bad(const std::string& pointer, const json& value, const std::string& path) {
    SCOPED_TRACE(pointer + " = " + value.dump());
    auto sweep = small_sweep();
    sweep[json::json_pointer(pointer)] = value;
    expect_refused(run_sweep(sweep), path);
  }
};

TEST_F(BadInput, is_no_json) {
  write_file("sweep.json", "{\"name\": ");
  expect_refused(run({"sweep.json", "--out", "out"}), "sweep.json");
  write_file("sweep.json", R"({"name": "a", "name": "b"})");
  expect_refused(run({"sweep.json", "--out", "out"}), "name");
}

TEST_F(BadInput, is_nested_too_deep) {
  const std::string levels(100'000, '[');
  write_file("sweep.json", levels);
  expect_refused(run({"sweep.json", "--out", "out"}), "nested too deep");
  write_file("sweep.json",
             R"({"name": "a", "device": )" + levels + std::string(100'000, ']') + "}");
  expect_refused(run({"sweep.json", "--out", "out"}), "/device/0/0/0");
  write_file("cell.json", R"({"model": )" + levels + std::string(100'000, ']') + "}");
  expect_refused(run({"cell", "cell.json"}), "nested too deep: more than 64 levels");
}

TEST_F(BadInput, has_unknown_or_missing_keys) {
  expect_bad("/surprise", 1, "/surprise");
  expect_bad("/measure/surprise", 1, "/measure/surprise");
  auto sweep = small_sweep();
  sweep.erase("data");
  expect_refused(run_sweep(sweep), "data");
}

TEST_F(BadInput, has_wrong_types_and_impossible_numbers) {
  expect_bad("/name", 5, "/name");
  expect_bad("/axes/micro_batch", 4, "/axes/micro_batch");
  for (const auto& value : {json(-4), json(0), json(1.5), json(1e30), json("4")}) {
    expect_bad("/axes/micro_batch/0", value, "/axes/micro_batch/0");
  }
  expect_bad("/measure/rounds", 0, "/measure/rounds");
  expect_bad("/measure/timeout", "-1 s", "/measure/timeout");
  expect_bad("/measure/pinning", "close", "/measure/pinning");
  expect_bad("/device/memory_limit", "many", "/device/memory_limit");
}

TEST_F(BadInput, has_unknown_names) {
  expect_bad("/model/preset", "bert-gigantic", "/model/preset");
  expect_bad("/axes/implementation/1", "fuzed", "/axes/implementation/1");
  expect_bad("/axes/flags", json::array({json::array({"gelu"})}), "/axes/flags/0");
  expect_bad("/device/kind", "abacus", "/device/kind");
}

TEST_F(BadInput, has_axes_and_flags_that_give_nothing) {
  expect_bad("/axes/implementation", json::array(), "/axes/implementation");
  expect_bad("/axes/flags", json::array(), "/axes/flags");
  expect_bad("/axes/flags",
             json::array({json::array({"gelu_checkpoint", "activation_checkpoint"})}),
             "/axes/flags/0");
  expect_bad("/axes/flags",
             json::array({json::array({"flash_attention", "attn_dropout_checkpoint"})}),
             "/axes/flags/0: 'flash_attention' and 'attn_dropout_checkpoint' cannot be combined: "
             "flash_attention keeps no probabilities whose dropout could be checkpointed");
}

TEST_F(BadInput, has_flags_that_no_implementation_supports_or_far_too_many_cells) {
  auto sweep = small_sweep();
  sweep["axes"]["implementation"] = {"pytorch_eager"};
  sweep["axes"]["flags"] = json::array({json::array({"gelu_checkpoint"})});
  expect_refused(run_sweep(sweep), "/axes/flags/0: no implementation of this sweep supports");
  sweep = small_sweep();
  for (const auto* axis : {"micro_batch", "sequence_length"}) {
    sweep["axes"][axis] = json::array();
    for (int value = 1; value <= 380; ++value) sweep["axes"][axis].push_back(value);
  }
  expect_refused(run_sweep(sweep), "/axes: the sweep has more than 100000 cells");
}

TEST_F(BadInput, has_missing_or_cut_files) {
  expect_bad("/data/file", "nowhere.safetensors", "/data/file");
  write_file("cut.safetensors",
             read_file(small_sweep()["data"]["file"].get<std::string>()).substr(0, 1000));
  expect_bad("/data/file", "cut.safetensors", "/data/file");
  expect_bad("/published", "nowhere.csv", "/published");
  write_file("published.csv", "not,a,table\n");
  expect_bad("/published", "published.csv", "sweep.json: /published: ");
  expect_bad("/published", "published.csv", "published.csv:1: Extra column \"not\"");
  write_file("published.csv", "\x01\xff\x7f,b\n");
  expect_bad("/published", "published.csv", "published.csv:1: Extra column \"???\"");
  expect_refused(run({"nowhere.json", "--out", "out"}), "nowhere.json");
}

TEST_F(BadInput, has_empty_paths) {
  expect_bad("/data/file", "", "sweep.json: /data/file: expected the path of a file");
  expect_bad("/published", "", "sweep.json: /published: expected the path of a file");
  auto sweep = small_sweep();
  sweep["model"] = {{"config", ""}};
  expect_refused(run_sweep(sweep), "sweep.json: /model/config: expected the path of a file");
}

TEST_F(BadInput, is_data_that_the_worker_cannot_use) {
  tell_workers({{"plan", "bad_data"}});
  expect_refused(run_sweep(small_sweep()), "sweep.json: /data: q.json: /data: expected an array");
  expect_refused(run({"list", "sweep.json"}), "sweep.json: /data: q.json: ");
  expect_refused(run({"plan", "sweep.json", "--out", "out"}), "sweep.json: /data: q.json: ");
  expect_refused(run({"cell", small_cell().dump()}), "the cell: /data: q.json: ");
}

TEST_F(BadInput, is_a_file_of_questions_or_a_vocabulary_that_is_not_there) {
  write_file("q.json", "{}");
  write_file("vocab.txt", "[PAD]\n");
  const json good = {{"source", "squad"}, {"file", "q.json"}, {"vocabulary", "vocab.txt"}};
  for (const std::string key : {"file", "vocabulary"}) {
    json data = good;
    data[key] = "nowhere";
    expect_bad("/data", data, "/data/" + key);
    json cell = small_cell();
    cell["data"] = {{"source", "squad"},
                    {"file", fs::absolute("q.json").string()},
                    {"vocabulary", fs::absolute("vocab.txt").string()},
                    {"do_lower_case", false},
                    {"doc_stride", 128},
                    {"max_query_length", 64},
                    {"compat", "google"}};
    cell["data"][key] = "/nowhere";
    expect_refused(run({"cell", cell.dump()}), "/data/" + key + ": no file '/nowhere'");
  }
}

TEST_F(BadInput, is_a_model_too_small_for_the_data) {
  expect_bad("/model/vocabulary", 100, "/model/vocabulary");
  expect_bad("/model/token_types", 1, "/model/token_types");
}

TEST_F(BadInput, is_an_output_directory_that_cannot_be_used) {
  write_file("sweep.json", small_sweep().dump());
  write_file("file", "x");
  expect_refused(run({"sweep.json", "--out", "file"}), "not a directory");
  expect_refused(run({"sweep.json", "--out", "file/below"}), "not a directory");
  expect_refused(run({"sweep.json", "--out", "."}), "not empty");
  expect_refused(run({"plan", "sweep.json", "--out", "."}), "not empty");
  expect_refused(run({"sweep.json", "--out", "/proc/none/run"}), "/proc/none/run");
}

TEST_F(BadInput, is_a_wrong_command_line) {
  write_file("sweep.json", small_sweep().dump());
  expect_refused(run_plain({}), "bench_sweep --help");
  expect_refused(run_plain({"sweep.json", "--surprise"}), "--surprise");
  expect_refused(
      run_plain({"sweep.json", "--fliter", "micro_batch=4"}),
      "unknown option '--fliter'; did you mean '--filter'? see `bench_sweep run --help`");
  expect_refused(run_plain({"--quite"}), "unknown option '--quite'; did you mean '--quiet'? see");
  expect_refused(run_plain({"report", "--bogus"}), "unknown option '--bogus'; ");
  expect_refused(run_plain({"sweep.json", "another.json"}), "another.json");
  expect_refused(run_plain({"lst", "sweep.json"}),
                 "unknown command or missing sweep file 'lst' (did you mean 'list'?); ");
  expect_refused(run_plain({"report"}), "RUN_DIR");
  expect_refused(run_plain({"sweep.json", "--memory-limit", "much"}), "--memory-limit");
  expect_refused(run_plain({"sweep.json", "--out", ""}), "--out");
  expect_refused(run_plain({"sweep.json", "--worker", "/nowhere/worker"}), "/nowhere/worker");
}

TEST_F(BadInput, is_no_run_and_no_cell) {
  expect_refused(run_plain({"report", "nowhere"}), "nowhere");
  expect_refused(run({"cell", "nowhere.json"}), "nowhere.json");
  expect_refused(run({"cell", "{}"}), "not a cell");
  expect_refused(run({"cell", "{"}), "the argument: not a cell: 1:2: not JSON: syntax error");
  expect_refused(run({"cell", "."}), "'.' is neither a cell's JSON nor a readable file");
  auto twice = small_cell().dump();
  twice.insert(twice.size() - 1, R"(,"micro_batch":8)");
  expect_refused(run({"cell", twice}), "not a cell: /micro_batch: the key is given twice");
}

TEST_F(BadInput, is_an_impossible_cell) {
  const auto expect_bad_cell = [](const std::string& pointer, const json& value) {
    SCOPED_TRACE(pointer + " = " + value.dump());
    auto cell = small_cell();
    cell[json::json_pointer(pointer)] = value;
    expect_refused(run({"cell", cell.dump()}), "the argument: not a cell: " + pointer + ": ");
  };
  expect_bad_cell("/model/heads", 0);
  expect_bad_cell("/model/heads", 3);
  expect_bad_cell("/model/hidden_dropout", 1);
  expect_bad_cell("/model/vocabulary", 100);
  expect_bad_cell("/model/token_types", 1);
  expect_bad_cell("/model/gelu", "fast");
  expect_bad_cell("/measure/steps", -3);
  expect_bad_cell("/measure/timeout_s", 0);
  expect_bad_cell("/measure/pinning", "close");
  expect_bad_cell("/global_batch", 0);
  expect_bad_cell("/sequence_length", 513);
  expect_bad_cell("/implementation", "fuzed");
  expect_bad_cell("/precision", "fp8");
  expect_bad_cell("/optimizer", "sgd");
  expect_bad_cell("/device/kind", "abacus");
  expect_bad_cell("/device/reserved_bytes", -1);
  expect_bad_cell("/data/file", "/nowhere.safetensors");
  expect_bad_cell("/flags", {"gelu_checkpoint", "activation_checkpoint"});
  expect_bad_cell("/flags", {"gelu_checkpoint", "gelu_checkpoint"});
  auto cell = small_cell();
  cell["flags"] = {"gelu"};
  expect_refused(run({"cell", cell.dump()}), "/flags/0: unknown name 'gelu'");
  cell["flags"] = {"gelu_checkpoint"};
  cell["implementation"] = "pytorch_eager";
  expect_refused(run({"cell", cell.dump()}), "pytorch_eager does not support gelu_checkpoint");
}

TEST_F(BadInput, damaged_records_are_an_error_and_the_reports_stay) {
  run_sweep(small_sweep());
  auto records = read_file("out/records.jsonl");
  records.replace(records.find("passed"), 6, "Passed");
  write_file("out/records.jsonl", records);
  const auto before = read_file("out/report.md");
  const auto result = run_plain({"report", "out"});
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("records.jsonl:1: not a valid record"));
  EXPECT_EQ(read_file("out/report.md"), before);
}

}  // namespace
}  // namespace apps
