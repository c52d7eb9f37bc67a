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
import struct
import sys

MASK = (1 << 64) - 1
EPOCH_SEED_STEP = 0x9E3779B97F4A7C15


def mt19937_64(seed):
    """The outputs of C++'s std::mt19937_64 (Nishimura and Matsumoto's 64-bit Mersenne Twister)."""
    state = [seed]
    for i in range(1, 312):
        state.append((6364136223846793005 * (state[-1] ^ state[-1] >> 62) + i) & MASK)
    while True:
        for i in range(312):
            mixed = state[i] & 0xFFFFFFFF80000000 | state[(i + 1) % 312] & 0x7FFFFFFF
            state[i] = state[(i + 156) % 312] ^ mixed >> 1 ^ (0xB5026F5AA96619E9 * (mixed & 1))
        for value in state:
            value ^= value >> 29 & 0x5555555555555555
            value ^= value << 17 & 0x71D67FFFEDA60000
            value ^= value << 37 & 0xFFF7EEE000000000
            yield (value ^ value >> 43) & MASK


def window_lengths(path):
    """Real tokens of every window, from the attention masks of a safetensors file."""
    data = path.read_bytes()
    header_bytes = struct.unpack("<Q", data[:8])[0]
    mask = json.loads(data[8:8 + header_bytes])["attention_mask"]
    windows, width = mask["shape"]
    begin = 8 + header_bytes + mask["data_offsets"][0]
    return [sum(data[begin + i * width:begin + (i + 1) * width]) for i in range(windows)]


def shuffled(lengths, seed):
    lengths = list(lengths)
    random = mt19937_64(seed)
    for i in range(len(lengths), 1, -1):
        j = next(random) % i
        lengths[i - 1], lengths[j] = lengths[j], lengths[i - 1]
    return lengths


def epochs(lengths, seed):
    """Real tokens of the windows in the order of training, epoch after epoch without end."""
    for epoch in itertools.count():
        yield from shuffled(lengths, seed + epoch * EPOCH_SEED_STEP & MASK)


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
