#!/usr/bin/env python3
"""The largest micro-batch of each implementation and flag set under a sweep's memory limit: by the
plan, and measured at that boundary.

usage: largest_micro_batch.py SWEEP.json [--bench-sweep build/bin/bench_sweep] [--plan]
                              [IMPLEMENTATION[:FLAG+FLAG...] ...]

For every one named (by default pytorch_eager, pytorch_tuned, and fused with DeepSpeed's three memory
flags and with flash_attention in place of attn_dropout_checkpoint) it plans the sweep's model at its
precision and limit, then trains two steps of one micro-batch at the largest size that fits and at the
next one, each in a process of its own. Prints a Markdown table. --plan measures nothing.
Exit status 1 where the plan and a measurement disagree on what fits.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

DEFAULTS = ["pytorch_eager", "pytorch_tuned",
            "fused:normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint",
            "fused:normalize_invertible+gelu_checkpoint+flash_attention"]


def narrowed(sweep, folder, implementation, flags, micro_batches):
    """The sweep with one implementation and flag set, a step being one micro-batch."""
    narrow = {key: sweep[key] for key in ("name", "device", "model", "data")}
    for key in {"file", "vocabulary"} & sweep["data"].keys():
        narrow["data"] = dict(narrow["data"], **{key: str((folder / sweep["data"][key]).resolve())})
    narrow["axes"] = {"implementation": [implementation], "micro_batch": micro_batches,
                      "flags": [flags]}
    for axis in ("precision", "sequence_length"):
        if axis in sweep["axes"]:
            narrow["axes"][axis] = sweep["axes"][axis][:1]
    narrow["measure"] = {"rounds": 1, "warmup_steps": 1, "steps": 1, "timeout": "3600 s"}
    return narrow


def run(bench_sweep, command, sweep, out):
    """Runs `bench_sweep [COMMAND]` on the sweep; its files are in `out`. Exits where it fails."""
    spec = out.with_suffix(".json")
    spec.write_text(json.dumps(sweep))
    done = subprocess.run([bench_sweep, *command, spec, "--out", out], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # 5: no cell passed, which the table says too.
    if done.returncode not in (0, 5):
        sys.exit(f"{' '.join(map(str, done.args))} ended with exit status {done.returncode}: "
                 f"{done.stderr.strip().splitlines()[-1:]}")


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def planned_largest(requirements):
    """The largest micro-batch that fits, 0 where none does."""
    fitting = [int(row["micro_batch_to"]) for row in requirements if row["flags"] != "out_of_memory"]
    return max(fitting, default=0)


def mebibytes(count):
    return f"{int(count) / 2**20:.1f}" if count else ""


def records_of(path):
    """The records of a run of one round, by micro-batch."""
    lines = map(json.loads, path.read_text().splitlines())
    return {record["cell"]["micro_batch"]: record for record in lines}


def outcome(record):
    """What a launched cell came to, in words."""
    if record["status"] == "passed":
        return f"passed, {mebibytes(record['memory']['measured']['peak_bytes'])} MiB"
    return f"{record['status'].replace('_', ' ')} in {record['phase']}"


def confirms(record, status):
    return record["status"] == status and record["memory"]["source"] == "measured"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("sweep", type=pathlib.Path)
    parser.add_argument("candidates", nargs="*", default=DEFAULTS)
    parser.add_argument("--bench-sweep", default="build/bin/bench_sweep")
    parser.add_argument("--plan", action="store_true")
    arguments = parser.parse_intermixed_args()
    sweep = json.loads(arguments.sweep.read_text())
    print("| implementation | flags | largest micro-batch by the plan | planned peak MiB |"
          " measured there | one more |\n|:---|:---|---:|---:|:---|:---|", flush=True)
    agree = True
    with tempfile.TemporaryDirectory() as scratch:
        for number, candidate in enumerate(arguments.candidates):
            implementation, _, flags = candidate.partition(":")
            flag_set = flags.split("+") if flags else []
            out = pathlib.Path(scratch) / str(number)
            narrow = narrowed(sweep, arguments.sweep.parent, implementation, flag_set, [1])
            run(arguments.bench_sweep, ["plan"], narrow, out.with_name(f"{number}-plan"))
            requirements = rows_of(out.with_name(f"{number}-plan") / "flag_requirements.csv")
            largest = planned_largest(requirements)
            narrow["axes"]["micro_batch"] = [largest, largest + 1]
            run(arguments.bench_sweep, ["plan"] if arguments.plan else [], narrow, out)
            planned = {int(row["micro_batch"]): row["planned_peak_bytes"]
                       for row in rows_of(out / "memory.csv")}
            measured = ["", ""]
            if not arguments.plan:
                records = records_of(out / "records.jsonl")
                measured = [outcome(records[largest]), outcome(records[largest + 1])]
                agree = (agree and confirms(records[largest], "passed") and
                         confirms(records[largest + 1], "out_of_memory"))
            print(f"| {implementation} | {flags or 'none'} | {largest} | "
                  f"{mebibytes(planned[largest])} | {measured[0]} | {measured[1]} |", flush=True)
    sys.exit(0 if agree else 1)


if __name__ == "__main__":
    main()
