#!/usr/bin/env python3
"""Time `fused` and tpp-pytorch-extension on the same BERT-large layer, in alternating processes.

Every round of a contender is a fresh process; rounds go through the contenders forwards, then
backwards (A B B A). Prints a Markdown table for each precision and layout: the median step with the
95 % interval over the rounds, how many times faster than the peer's fastest whole step that is (the
median of the rounds' ratios), and the share of the machine's measured peak that the FLOPs of the
layer's products are. docs/peers.md says what each side computes.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

from contenders import Workload, contenders
from round_statistics import summary
from windows import make_windows, write_windows

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = os.environ.get("BENCH_SWEEP_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bench_sweep"
)


def read_arguments() -> argparse.Namespace:
    numbers = lambda text: tuple(int(part) for part in text.split(","))
    words = lambda text: tuple(text.split(","))
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--worker", type=pathlib.Path, default=ROOT / "build/bin/bench_worker")
    parser.add_argument(
        "--peer-python",
        type=pathlib.Path,
        default=pathlib.Path(CACHE) / "peers/tpp/venv/bin/python",
        help="of the environment that setup_tpp.sh made",
    )
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--lengths", type=numbers, default=(120, 150, 180, 200))
    parser.add_argument("--sequence", type=int, default=384)
    parser.add_argument("--vocabulary", type=int, default=1024)
    parser.add_argument("--precisions", type=words, default=("fp32", "bf16"))
    parser.add_argument("--layouts", type=words, default=("padded", "unpadded"))
    parser.add_argument("--optimizer", choices=["adamw", "fused_adamw"], default="fused_adamw")
    parser.add_argument("--json", type=pathlib.Path, help="write all samples here")
    arguments = parser.parse_args()
    for path, origin in (
        (arguments.worker, "make build"),
        (arguments.peer_python, "scripts/peers/setup_tpp.sh"),
    ):
        if not path.exists():
            parser.error(f"{path} does not exist; {origin} makes it")
    return arguments


def time_rounds(group: list, work: Workload, rounds: int) -> dict:
    """By contender's name, for every round the median of its steps in seconds."""
    medians = {contender.name: [] for contender in group}
    for number in range(rounds):
        for contender in group if number % 2 == 0 else reversed(group):
            medians[contender.name].append(statistics.median(contender.run(work, number)))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return medians


def table(group: list, medians: dict, work: Workload, peak: float) -> str:
    whole_peers = [c.name for c in group if c.is_peer and c.whole_step]
    peer = min(whole_peers, key=lambda name: statistics.median(medians[name]))
    lines = ["| | ms a step | × the peer | share of peak |", "|---|---:|---:|---:|"]
    for contender in group:
        own = medians[contender.name]
        ms = "{:.1f} ({:.1f}–{:.1f})".format(*summary([1e3 * seconds for seconds in own]))
        ratios = [theirs / seconds for theirs, seconds in zip(medians[peer], own)]
        times = "{:.2f} ({:.2f}–{:.2f})".format(*summary(ratios))
        times = "1" if contender.name == peer else times
        flops = work.layer_flops(contender.layout, contender.leaves_keys_out)
        share = flops / statistics.median(own) / peak
        lines.append(f"| {contender.name} | {ms} | {times} | {share:.1%} |")
    return "\n".join(lines)


def heading(work: Workload, rounds: int, peaks: dict) -> str:
    rates = ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in peaks.items())
    return (
        f"BERT-large layer, {len(work.lengths)} x {work.sequence}, lengths "
        f"{', '.join(map(str, work.lengths))}, dropout {work.dropout}, {work.threads} threads, "
        f"{rounds} rounds of {work.steps} steps after {work.warmup}. Measured peak: {rates}. "
        "Load average at the start: {:.2f}.".format(os.getloadavg()[0])
    )


def main() -> int:
    arguments = read_arguments()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        work = Workload(
            windows=pathlib.Path(folder) / "windows.safetensors",
            lengths=arguments.lengths,
            sequence=arguments.sequence,
            vocabulary=arguments.vocabulary,
            threads=arguments.threads,
            warmup=arguments.warmup,
            steps=arguments.steps,
        )
        write_windows(work.windows, make_windows(work.lengths, work.sequence, work.vocabulary, 1))
        groups = [
            contenders(precision, layout, arguments)
            for precision in arguments.precisions
            for layout in arguments.layouts
        ]
        peaks = groups[0][0].machine_peaks(work)
        print(heading(work, arguments.rounds, peaks), flush=True)
        for group in groups:
            errors = [c.check(work) for c in group if c.is_peer and c.whole_step]
            medians = time_rounds(group, work, arguments.rounds)
            precision, layout = group[0].precision, group[0].layout
            flops = work.layer_flops(layout)
            print(f"\n{precision}, {layout}, {flops / 1e9:.1f} GFLOP a step:\n")
            print(table(group, medians, work, peaks[precision]), flush=True)
            group_result = {"precision": precision, "layout": layout, "flops": flops}
            results.append(group_result | {"seconds": medians, "peer_errors": errors})
        print("\nLoad average at the end: {:.2f}.".format(os.getloadavg()[0]))
    if arguments.json:
        arguments.json.write_text(json.dumps({"peaks": peaks, "groups": results}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
