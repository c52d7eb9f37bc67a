#!/usr/bin/env python3
"""The comparison with a peer gives both sides the same work and counts rounds and FLOPs rightly."""

import json
import pathlib
import struct
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS / "peers"))

import compare_tpp  # noqa: E402
import contenders  # noqa: E402
import round_statistics  # noqa: E402
import windows  # noqa: E402

LENGTHS = (120, 150, 180, 200)


def workload(**changes):
    values = {"windows": pathlib.Path("w"), "lengths": LENGTHS, "sequence": 384}
    values.update(vocabulary=1024, threads=2, warmup=1, steps=2)
    return contenders.Workload(**values | changes)


class Recorder:
    """A contender that writes its name down instead of running."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def run(self, _work, number):
        self.log.append(self.name)
        return [3.0 + number, 1.0 + number, 2.0 + number]


class Rounds(unittest.TestCase):
    def test_contenders_take_turns_forwards_and_backwards(self):
        log = []
        group = [Recorder("A", log), Recorder("B", log)]
        medians = compare_tpp.time_rounds(group, workload(), 3)
        self.assertEqual("".join(log), "ABBAAB")
        self.assertEqual(medians, {"A": [2.0, 3.0, 4.0], "B": [2.0, 3.0, 4.0]})

    def test_interval_is_the_exact_one_of_order_statistics(self):
        # Ranks of the 95 % sign-test interval of a median, from its published table.
        for count, ranks in {6: (1, 6), 8: (1, 8), 9: (2, 8), 12: (3, 10), 20: (6, 15)}.items():
            values = [float(i) for i in range(count, 0, -1)]
            self.assertEqual(round_statistics.median_interval(values), ranks, count)

    def test_interval_of_few_rounds_is_their_range(self):
        self.assertEqual(round_statistics.median_interval([2.0]), (2.0, 2.0))
        self.assertEqual(round_statistics.median_interval([3.0, 1.0, 2.0]), (1.0, 3.0))


class Work(unittest.TestCase):
    def test_padded_flops_are_those_of_a_bert_large_layer(self):
        # 739.3 GFLOP a sequence of 384 for 24 layers, forward and backward.
        self.assertAlmostEqual(workload().layer_flops("padded") / 4 * 24 / 1e9, 739.3, delta=0.1)

    def test_unpadded_flops_count_each_length(self):
        one = [workload(lengths=(length,)).layer_flops("unpadded") for length in LENGTHS]
        self.assertEqual(workload().layer_flops("unpadded"), sum(one))
        full = workload(lengths=(384,) * 4)
        self.assertEqual(full.layer_flops("unpadded"), full.layer_flops("padded"))

    def test_keys_that_are_left_out_are_no_flops(self):
        padded, real = (workload().layer_flops("padded", real_keys=keys) for keys in (False, True))
        self.assertEqual(padded - real, 12 * 1024 * 384 * (4 * 384 - sum(LENGTHS)))
        self.assertEqual(*(workload().layer_flops("unpadded", keys) for keys in (False, True)))

    def test_the_share_of_peak_is_of_the_flops_that_a_contender_computes(self):
        flags = {"plain": (), "flash": ("flash_attention",)}
        group = [contenders.Fused(name, "fp32", "padded", own, "adamw", SCRIPTS)
                 for name, own in flags.items()]
        group.append(contenders.Peer("peer", "fp32", "padded", "model", None, SCRIPTS))
        seconds = {contender.name: [1.0] for contender in group}
        rows = compare_tpp.table(group, seconds, workload(), 123.2e9).splitlines()[2:]
        shares = [row.split("|")[4].strip() for row in rows]
        self.assertEqual(shares, ["100.0%", "96.6%", "100.0%"])

    def test_both_sides_are_told_the_same_work(self):
        work = workload(dropout=0.25, steps=7)
        ours = contenders.Fused("f", "bf16", "unpadded", ("remove_padding",), "adamw", SCRIPTS)
        cell = ours.cell(work, 3)
        peer = contenders.Peer("p", "bf16", "unpadded", "model", 32, SCRIPTS).command(work, 3)
        self.assertEqual(cell["model"]["hidden_dropout"], 0.25)
        for option in ("dropout=0.25", "steps=7", "precision=bf16", "vocabulary=1024", "seed=4"):
            self.assertIn("--" + option, peer)
        self.assertEqual((cell["measure"]["steps"], cell["measure"]["seed"]), (7, 4))
        self.assertIn("--row-block=32", peer)


class Windows(unittest.TestCase):
    def test_file_is_safetensors_and_reads_back(self):
        made = windows.make_windows(list(LENGTHS), 384, 1024, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "w.safetensors"
            windows.write_windows(path, made)
            self.assertEqual(windows.read_windows(path), made)
            raw = path.read_bytes()
        (size,) = struct.unpack_from("<Q", raw)
        header = json.loads(raw[8 : 8 + size])
        self.assertEqual(header["input_ids"]["dtype"], "I32")
        self.assertEqual(header["attention_mask"]["shape"], [4, 384])
        ends = max(tensor["data_offsets"][1] for tensor in header.values())
        self.assertEqual(8 + size + ends, len(raw))

    def test_windows_hold_the_lengths_and_valid_ids(self):
        made = windows.make_windows(list(LENGTHS), 384, 64, seed=1)
        self.assertEqual([sum(row) for row in made["attention_mask"]], list(LENGTHS))
        for row, length in zip(made["input_ids"], LENGTHS):
            self.assertTrue(all(0 < token < 64 for token in row[:length]))
            self.assertEqual(set(row[length:]), {windows.PADDING_ID})
        for start, end, length in zip(made["start_positions"], made["end_positions"], LENGTHS):
            self.assertTrue(0 <= start <= end < length)

    def test_a_length_beyond_the_sequence_is_refused(self):
        with self.assertRaisesRegex(ValueError, "from 2 to 384, got"):
            windows.make_windows([385], 384, 64, seed=1)


if __name__ == "__main__":
    unittest.main()
