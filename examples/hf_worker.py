#!/usr/bin/env python3
"""HuggingFace's BERT for question answering as an implementation of a sweep.

    {"name": "hf_compile", "worker": ["python3", "../examples/hf_worker.py", "--compile"]}

Speaks the worker protocol (docs/worker_protocol.md): --plan and --check, and without either the
rounds. It trains on what bench_worker trains on: the same windows in the same order, the same first
weights, micro-batches, loss, clipping and AdamW. Needs torch and transformers, from the interpreter
that runs it or from the environment that scripts/hf_environment.sh makes.
"""

import argparse
import json
import os
import pathlib
import sys

from hf_bert import cells, environment, gate, measure, whereabouts

USAGE_ERROR = 2


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hf_worker", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--attention", choices=["eager", "sdpa"], default="sdpa",
                        help="how HuggingFace computes attention (default, there too: sdpa)")
    parser.add_argument("--compile", action="store_true",
                        help="run the model through torch.compile")
    parser.add_argument("--system-malloc", action="store_true",
                        help="leave malloc as it is, which gives large tensors back to the system")
    parser.add_argument("--bench-worker", type=pathlib.Path,
                        help="which bench_worker has the reference of --check (default: "
                        "$BENCH_WORKER, the clone's build/bin, the installed one, or PATH's)")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--plan", action="store_true",
                       help="answer lines of cells with lines of plans")
    modes.add_argument("--check", action="store_true", help="compare loss and gradients in fp64")
    return parser.parse_args(arguments)


def set_output_aside():
    """The process's standard output, for replies alone; what else writes there writes to stderr."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return replies


def answer(options: argparse.Namespace, requests, send) -> None:
    """Hands every reply to `requests` to send(). Raises ValueError where a request is none."""
    if options.plan:
        missing = environment.missing_packages()
        for line in requests:
            send(cells.plan_reply(json.loads(line), missing))
        return
    request = json.load(requests)
    wanted = {"cell"} if options.check else {"cell", "round", "repro"}
    if not isinstance(request, dict) or set(request) != wanted:
        raise ValueError(f"the request must be an object with the keys {', '.join(sorted(wanted))}")
    send(gate.check(request["cell"], options) if options.check
         else measure.record(request, options))


def main() -> int:
    options = read_arguments(sys.argv[1:])
    if not options.plan:
        environment.enter(keep_memory=not options.system_malloc)  # may start this program anew
    replies = set_output_aside()
    whereabouts.answer_signals()

    def send(reply: dict) -> None:
        replies.write(json.dumps(reply, allow_nan=False) + "\n")
        replies.flush()

    try:
        answer(options, sys.stdin, send)
    except ValueError as error:
        print(f"hf_worker: {error}".splitlines()[0], file=sys.stderr)
        return USAGE_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
