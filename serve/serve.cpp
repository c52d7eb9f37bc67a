#include "serve/serve.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>
#include <new>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"
#include "harness/protocol/whereabouts.h"
#include "serve/reply_channel.h"

namespace serve {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

std::string read_all() {
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

int fail(const std::string& program, int status, std::string_view message) {
  fmt::print(stderr, "{}: {}\n", program, message.substr(0, message.find('\n')));
  return status;
}

bool spent(const Answers& answers) {
  return answers.spent && answers.spent();
}

/// False where the arguments name no kind of request.
bool answer(const std::vector<std::string>& arguments, const Answers& answers,
            ReplyChannel& channel) {
  if (arguments.empty()) {
    channel.send(answers.measure(parse_measure_request(read_all())));
    return true;
  }
  if (arguments.size() != 1) return false;
  const auto& mode = arguments.front();
  if (mode == "--plan") {
    for (std::string line; !spent(answers) && std::getline(std::cin, line);) {
      channel.send(answers.plan(parse_plan_request(line)));
    }
  } else if (mode == "--check") {
    channel.send(answers.check(parse_check_request(read_all())));
  } else if (mode == "--trace") {
    channel.send(answers.trace(parse_trace_request(read_all())));
  } else if (mode == "--reference" && answers.reference) {
    channel.send(answers.reference(parse_reference_request(read_all())));
  } else {
    return false;
  }
  return true;
}

int reply(const std::string& program, const std::vector<std::string>& arguments,
          const Answers& answers) {
  try {
    ReplyChannel channel;
    if (answer(arguments, answers, channel)) return 0;
    return fail(program, kUsage,
                fmt::format("usage: {} [--plan | --check | --trace{}], requests on standard input",
                            program, answers.reference ? " | --reference" : ""));
  } catch (const nlohmann::json::exception& error) {
    return fail(program, kUsage, error.what());
  } catch (const harness::ProtocolError& error) {
    return fail(program, kUsage, error.what());
  } catch (const std::bad_alloc&) {
    return fail(program, kFailed,
                "out of memory; see what else runs here, and whether ulimit -v limits it");
  } catch (const std::exception& error) {
    return fail(program, kFailed, error.what());
  }
}

}  // namespace

int serve(const std::string& program, const std::vector<std::string>& arguments,
          const Answers& answers) {
  std::signal(SIGPIPE, SIG_IGN);
  harness::answer_whereabouts();
  const int status = reply(program, arguments, answers);
  // Destructors would use what is lost; one that throws would end the process by a signal.
  if (spent(answers)) std::_Exit(status);
  return status;
}

}  // namespace serve
