#include "worker/worker_main.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <span>
#include <string_view>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "harness/protocol/cell.h"
#include "harness/protocol/protocol_error.h"
#include "harness/protocol/record.h"
#include "harness/protocol/strict_json.h"
#include "worker/check/check_cell.h"
#include "worker/measure/measure_cell.h"
#include "worker/memory/cpu_allocator.h"
#include "worker/plan/plan_cell.h"
#include "worker/reply_channel.h"
#include "worker/trace/trace_cell.h"

namespace worker {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

/// Standard input, which must be one JSON object with the keys `required` and no others.
nlohmann::json read_request(std::initializer_list<const char*> required) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  auto request = harness::parse_strict_json(text);
  if (!request.is_object() || request.size() != required.size()) {
    throw harness::ProtocolError(
        fmt::format("the request must be an object with the keys {}", fmt::join(required, ", ")));
  }
  for (const char* const key : required) {
    if (!request.contains(key)) {
      throw harness::ProtocolError(fmt::format("the request lacks the key {}", key));
    }
  }
  return request;
}

MeasureRequest parse_measure_request(const nlohmann::json& request) {
  if (!request.at("round").is_number_integer()) {
    throw harness::ProtocolError("the request's round must be an integer");
  }
  if (!request.at("repro").is_string()) {
    throw harness::ProtocolError("the request's repro must be a string");
  }
  return {request.at("cell").get<harness::Cell>(), request.at("round").get<int64_t>(),
          request.at("repro").get<std::string>()};
}

void measure(const WorkerContext& context, ReplyChannel& channel) {
  const auto request = parse_measure_request(read_request({"cell", "round", "repro"}));
  auto record = measure_cell(request, context.registry);
  record.environment.update(context.environment);
  channel.send(nlohmann::json(record).dump());
}

void check(const WorkerContext& context, ReplyChannel& channel) {
  const auto cell = read_request({"cell"}).at("cell").get<harness::Cell>();
  channel.send(nlohmann::json(check_cell(cell, context.registry, context.reference)).dump());
}

void plan(const WorkerContext& context, ReplyChannel& channel) {
  const CellData data;
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = harness::parse_strict_json(line);
    if (!request.is_array()) {
      throw harness::ProtocolError("a line of --plan must be an array of cells");
    }
    const auto cells = request.get<std::vector<harness::Cell>>();
    channel.send(nlohmann::json(reply_to_plan_request(cells, context.registry, data)).dump());
  }
}

void trace(const WorkerContext& context, ReplyChannel& channel) {
  const auto request = read_request({"cell", "file"});
  if (!request.at("file").is_string()) {
    throw harness::ProtocolError("the request's file must be a string");
  }
  const TraceRequest parsed{request.at("cell").get<harness::Cell>(),
                            request.at("file").get<std::string>()};
  const auto step = trace_cell(parsed, context.registry, context.measure_peaks);
  channel.send(nlohmann::json(step).dump());
}

int fail(int status, std::string_view message) {
  const auto line = message.substr(0, message.find('\n'));
  std::fprintf(stderr, "bench_worker: %.*s\n", static_cast<int>(line.size()), line.data());
  return status;
}

int serve(std::span<char*> arguments, const WorkerContext& context, ReplyChannel& channel) {
  CpuAllocator::instance();
  if (arguments.empty()) {
    measure(context, channel);
  } else if (arguments.size() == 1 && std::string_view(arguments[0]) == "--plan") {
    plan(context, channel);
  } else if (arguments.size() == 1 && std::string_view(arguments[0]) == "--check") {
    check(context, channel);
  } else if (arguments.size() == 1 && std::string_view(arguments[0]) == "--trace") {
    trace(context, channel);
  } else {
    return fail(kUsage,
                "usage: bench_worker [--plan | --check | --trace], requests on standard input");
  }
  return 0;
}

}  // namespace

int worker_main(int argc, char** argv, const WorkerContext& context) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    ReplyChannel channel;
    return serve(std::span(argv, static_cast<size_t>(argc)).subspan(1), context, channel);
  } catch (const nlohmann::json::exception& error) {
    return fail(kUsage, error.what());
  } catch (const harness::ProtocolError& error) {
    return fail(kUsage, error.what());
  } catch (const c10::Error& error) {
    return fail(kFailed, error.what_without_backtrace());
  } catch (const std::exception& error) {
    return fail(kFailed, error.what());
  }
}

}  // namespace worker
