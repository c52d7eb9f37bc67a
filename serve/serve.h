#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/protocol/cell.h"
#include "serve/request.h"

namespace serve {

/// How a worker program answers each kind of request: with the line to write to standard output,
/// without its end. A request that it cannot take is a ProtocolError, any other failure another
/// exception; what() begins with one line that says why.
struct Answers {
  std::function<std::string(const MeasureRequest&)> measure;
  std::function<std::string(const harness::Cell&)> check;
  std::function<std::string(const TraceRequest&)> trace;
  std::function<std::string(const ReferenceRequest&)> reference;  ///< empty: the program has none
  std::function<std::string(const std::vector<harness::Cell>&)> plan;
  /// Asked after every reply: whether the process can give no other, since what it answers with is
  /// lost. serve() ends the process then, once the reply is written. Empty: it always can.
  std::function<bool()> spent = {};
};

/// The main of a worker program (docs/worker_protocol.md). Without arguments: one request on
/// standard input, one record on standard output. `--check`, `--trace` and `--reference`: the same,
/// of their kinds.
/// `--plan`: a reply for each line of standard input. Nothing else is ever written to standard
/// output, whatever a library prints.
/// Returns the exit status: 0; 2 for arguments or input that are not as above; 1 for any other
/// failure. Then the last line on standard error says why, after the name of `program`. Where
/// `answers` are spent, the process ends with that status at once.
int serve(const std::string& program, const std::vector<std::string>& arguments,
          const Answers& answers);

}  // namespace serve
