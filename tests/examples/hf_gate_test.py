"""The gate of examples/hf_worker.py, without torch, against what bench_worker writes.

Usage: hf_gate_test.py BENCH_WORKER
"""
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

from hf_cells import small_cell

import hf_worker  # noqa: E402
from hf_bert import gate, safetensors_file  # noqa: E402

BENCH_WORKER = pathlib.Path(sys.argv.pop(1))
WEIGHT = "bert.encoder.layer.1.attention.output.dense.weight"
KEY_BIAS = "bert.encoder.layer.0.attention.self.key.bias"


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "reference.safetensors"
            cls.reference = gate.ask_reference(BENCH_WORKER, small_cell(), file)
            cls.tensors = safetensors_file.read_safetensors(file)
        cls.right = {tensor["name"]: gate.reference_values(tensor["name"], cls.tensors)
                     for tensor in cls.reference["tensors"]}

    def judge(self, **changes: object) -> dict:
        return gate.judge({**self.right, **changes}, self.reference["tensors"], self.tensors)

    def test_the_reference_passes_itself(self):
        verdict = self.judge()
        self.assertEqual((verdict["status"], verdict["reason"]), ("passed", ""))
        self.assertEqual((verdict["worst_error"], verdict["tensors"]), (0, 41))

    def test_every_weight_of_huggingface_is_there(self):
        weights = {name for name in self.tensors if name.startswith("weight/")}
        self.assertEqual(len(weights), 39)
        for name in (WEIGHT, KEY_BIAS, "qa_outputs.bias", "bert.embeddings.LayerNorm.weight"):
            self.assertIn(f"weight/{name}", weights)

    def test_a_gradient_that_is_off_is_incorrect_and_named(self):
        for factor, status in ((1 + 5e-6, "passed"), (1 + 5e-5, "incorrect"), (0, "incorrect")):
            verdict = self.judge(**{WEIGHT: [factor * value for value in self.right[WEIGHT]]})
            self.assertEqual(verdict["status"], status)
            self.assertEqual(verdict["worst_tensor"], WEIGHT)
        self.assertIn(WEIGHT, verdict["reason"])

    def test_a_gradient_that_is_missing_or_not_a_number_is_incorrect(self):
        values = list(self.right[WEIGHT])
        values[7] = float("nan")
        for value in (values, None, values[1:], []):
            verdict = self.judge(**{WEIGHT: value})
            self.assertEqual(verdict["status"], "incorrect")
            json.dumps(verdict, allow_nan=False)

    def test_what_is_zero_in_exact_arithmetic_is_held_against_another(self):
        noise = 1e-6 * max(map(abs, self.right[KEY_BIAS.replace("key", "query")]))
        self.assertEqual(self.judge(**{KEY_BIAS: [noise] * 72})["status"], "passed")

    def test_without_a_reference_nothing_is_proven(self):
        for program, cell, word in (("/nowhere/bench_worker", small_cell(), "/nowhere"),
                                    (BENCH_WORKER, small_cell(device={"kind": "cuda"}), "cuda"),
                                    ("/bin/false", small_cell(), "no message")):
            options = hf_worker.read_arguments(["--check", "--bench-worker", str(program)])
            verdict = gate.check(cell, options)
            self.assertEqual(verdict["status"], "mistrusted")
            self.assertIn(word, verdict["reason"])

    def test_dropout_that_drops_nothing_is_mistrusted(self):
        run = mock.Mock(run_problem=lambda *_: self.right)
        modules = {"torch": mock.MagicMock(), "hf_bert.gate_run": run}
        options = hf_worker.read_arguments(["--check", "--bench-worker", str(BENCH_WORKER)])
        for acts, status in ((True, "passed"), (False, "mistrusted")):
            run.dropout_acts = lambda *_, acts=acts: acts
            with mock.patch.dict(sys.modules, modules):
                self.assertEqual(gate.check(small_cell(), options)["status"], status)


if __name__ == "__main__":
    unittest.main()
