#!/usr/bin/env python3
"""Real tokens of the windows that a sweep's timed steps train on, for every micro-batch and for the
whole data file.

usage: window_lengths.py SWEEP.json [SEED ...]

The order is that of model/epoch_order.h: each epoch a Fisher-Yates shuffle by std::mt19937_64, the
first seeded with measure.seed, or with each SEED given, so that a sweep can choose one whose steps
stand for the data.
"""
import itertools
import json
import math
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "examples"))

from hf_bert.order import epoch_seed, mt19937_64, shuffled  # noqa: E402, F401
from hf_bert.safetensors_file import read_safetensors  # noqa: E402


def window_lengths(path):
    """Real tokens of every window, from the attention masks of a safetensors file."""
    return [sum(row) for row in read_safetensors(path)["attention_mask"].rows()]


def epochs(lengths, seed):
    """Real tokens of the windows in the order of training, epoch after epoch without end."""
    for epoch in itertools.count():
        yield from shuffled(lengths, epoch_seed(seed, epoch))


def timed_steps(lengths, seed, sequences, first, count):
    """Real tokens of each timed step."""
    windows = itertools.islice(epochs(lengths, seed), first * sequences, None)
    return [sum(itertools.islice(windows, sequences)) for _ in range(count)]


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    sweep_path = pathlib.Path(arguments[0])
    sweep = json.loads(sweep_path.read_text())
    if sweep["data"]["source"] != "windows":
        sys.exit(f"{sweep_path}: /data/source: only prepared windows have lengths to read; write "
                 "them with `bert_squad features`")
    measure = sweep.get("measure", {})
    lengths = window_lengths(sweep_path.parent / sweep["data"]["file"])
    print(f"all {len(lengths)} windows: {statistics.mean(lengths):.1f} tokens")
    for seed in [int(text) for text in arguments[1:]] or [measure.get("seed", 1)]:
        for micro_batch in sweep["axes"]["micro_batch"]:
            steps = math.ceil(sweep.get("global_batch", micro_batch) / micro_batch)
            sequences = steps * micro_batch
            tokens = timed_steps(lengths, seed, sequences, measure.get("warmup_steps", 2),
                                 measure.get("steps", 10))
            print(f"seed {seed}, micro-batch {micro_batch}: "
                  f"mean {statistics.mean(tokens) / sequences:.1f}, "
                  f"median step {statistics.median(tokens) / sequences:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
