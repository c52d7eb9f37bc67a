#!/usr/bin/env python3
"""What `bench_sweep tune` finds against what measuring every cell finds.

usage: tune_against_grid.py SWEEP.json [--bench-sweep build/bin/bench_sweep] [--worker PATH]
                            [--out DIR] [--budget TIME]

Runs the sweep whole and tunes it, one after the other, and prints a Markdown table: cells, launches
and time of both, the best cell of the grid and the tuner's answer, each with its rate and exact 95 %
interval, both as the grid measured them. The runs stay in DIR/grid and DIR/tune where --out names a
folder; what is there already is not run again.
The sweep's micro-batches must all divide its global batch, so that both have the same cells.
Exit status 1 where the answer is neither the best cell of the grid nor one whose interval overlaps
that cell's, or where it took more than a quarter of the grid's launches.
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

DONE = (0, 3)  # 3: a cell is mistrusted, which its table says; all of them were measured


def run(bench_sweep, arguments, out):
    """Runs bench_sweep into `out` unless it was run; the seconds it took, none where it was."""
    if (out / "report.md").exists():
        return None
    begin = time.monotonic()
    done = subprocess.run([bench_sweep, *arguments, "--out", out], text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode not in DONE:
        sys.exit(f"{' '.join(map(str, done.args))} ended with exit status {done.returncode}: "
                 f"{done.stderr.strip().splitlines()[-1:]}")
    return time.monotonic() - begin


def records_of(out):
    with (out / "records.jsonl").open() as file:
        return [json.loads(line) for line in file]


def launched(records):
    return [record for record in records if record["memory"]["source"] == "measured"]


def name_of(cell):
    return (cell["implementation"], cell["optimizer"], "+".join(cell["flags"]) or "none",
            cell["micro_batch"])


def round_seconds(record):
    """Median sample a sequence, as harness/analysis/throughput has it."""
    return statistics.median(record["samples"]) / record["sequences_per_sample"]


def median_interval(values):
    """Exact 95 % interval of the median from order statistics; none below 6 values."""
    values, n = sorted(values), len(values)

    def below(k):
        return sum(math.comb(n, i) for i in range(k + 1)) / 2**n

    k = 0
    while k < n // 2 and below(k) <= 0.025:
        k += 1
    return (values[k - 1], values[n - k]) if k else None


def rates(records):
    """{cell: (samples/s, (low, high) or none)} of the cells of which every record passed."""
    rounds = {}
    for record in records:
        rounds.setdefault(name_of(record["cell"]), []).append(record)
    result = {}
    for name, of_cell in rounds.items():
        if all(record["status"] == "passed" for record in of_cell):
            seconds = [round_seconds(record) for record in of_cell]
            interval = median_interval(seconds)
            result[name] = (1 / statistics.median(seconds),
                            interval and (1 / interval[1], 1 / interval[0]))
    return result


def overlap(one, other):
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


def rate_text(rate, interval):
    return f"{rate:.2f}" + (f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else "")


def row(title, records, seconds, name, grid):
    cells = len({name_of(record["cell"]) for record in launched(records)})
    took = "" if seconds is None else f"{seconds / 60:.1f} min"
    return (f"| {title} | {cells} | {len(launched(records))} | {took} | {name[0]}, {name[1]} | "
            f"{name[2]} | {name[3]} | {rate_text(*grid[name])} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sweep", type=pathlib.Path)
    parser.add_argument("--bench-sweep", type=pathlib.Path, default="build/bin/bench_sweep")
    parser.add_argument("--worker", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--budget")
    options = parser.parse_args()
    sweep = json.loads(options.sweep.read_text())
    sizes = sweep["axes"]["micro_batch"]
    if not isinstance(sizes, list) or any(sweep.get("global_batch", 0) % size for size in sizes):
        sys.exit(f"{options.sweep}: /axes/micro_batch: list micro-batches that divide /global_batch, "
                 "so that the grid and the tuner have the same cells")
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or pathlib.Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        worker = ["--worker", options.worker] if options.worker else []
        budget = ["--budget", options.budget] if options.budget else []
        tune_seconds = run(options.bench_sweep, ["tune", options.sweep, *worker, *budget],
                           out / "tune")
        grid_seconds = run(options.bench_sweep, ["run", options.sweep, *worker], out / "grid")
        grid_records, tune_records = records_of(out / "grid"), records_of(out / "tune")
        answer = json.loads((out / "tune" / "tuning.json").read_text())["ranking"][:1]
    grid = rates(grid_records)
    if not grid or not answer:
        sys.exit("nothing passed in the grid, or the tuner has no answer")
    best = max(grid, key=lambda name: grid[name][0])
    answer = name_of(answer[0])
    if answer not in grid:
        sys.exit(f"the grid has no rate of the tuner's answer, {answer}")
    print("| | cells launched | launches | time | best | flags | micro-batch | samples/s, as the "
          "grid measured it (95 %) |\n|:---|---:|---:|---:|:---|:---|---:|:---|")
    print(row("grid", grid_records, grid_seconds, best, grid))
    print(row("tuner", tune_records, tune_seconds, answer, grid))
    part = len(launched(tune_records)) / len(launched(grid_records))
    same = answer == best
    found = same or overlap(grid[answer][1], grid[best][1])
    print(f"\nThe tuner took {100 * part:.0f} % of the grid's launches; its answer "
          + ("is the grid's best cell." if same else
             f"is {100 * (grid[best][0] / grid[answer][0] - 1):.1f} % slower than the grid's best "
             f"cell, and their intervals {'overlap' if found else 'do not overlap'}."))
    near = sum(overlap(interval, grid[best][1]) for _, interval in grid.values())
    print(f"The intervals of {near} of the {len(grid)} cells that passed overlap the best cell's.")
    sys.exit(0 if found and part <= 0.25 else 1)


if __name__ == "__main__":
    main()
