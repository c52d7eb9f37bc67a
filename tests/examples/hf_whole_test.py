"""examples/hf_worker.py with torch and transformers, beside bench_worker on the same cells.

Usage: hf_whole_test.py BENCH_WORKER

`make test-huggingface` runs it: it needs what scripts/hf_environment.sh installs, and fails
without.
"""
import json
import os
import subprocess
import sys
import unittest

import jsonschema

from hf_cells import ROOT, WORKER, small_cell

from hf_bert import environment  # noqa: E402

BENCH_WORKER = sys.argv.pop(1)
VARIANTS = (["--attention", "eager"], [], ["--compile"])
# Runs the worker after a change to what it is made of.
SPOILED = """
import sys
sys.path.insert(0, {folder!r})
import hf_worker
from hf_bert import bert, training
{change}
sys.argv = ["hf_worker.py", "--check"]
sys.exit(hf_worker.main())
"""


def replies() -> jsonschema.Draft7Validator:
    file = ROOT / "docs/worker_reply.schema.json"
    schema = json.loads(file.read_text())
    return jsonschema.Draft7Validator(
        schema, resolver=jsonschema.RefResolver(file.as_uri(), schema))


def ask(command: list, request: dict, **variables: str) -> dict:
    done = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True,
                          timeout=900, check=False,
                          env={**os.environ, "BENCH_WORKER": BENCH_WORKER, **variables})
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def measure(command: list, cell: dict) -> dict:
    return ask(command, {"cell": cell, "round": 0, "repro": "again"})


# Draws the weights that tests/model/weight_init_test.cpp has the same values of.
INITIALIZED = """
import json, sys, torch
sys.path.insert(0, {folder!r})
from hf_bert.bert import initialize
class Bert:
    def named_parameters(self):
        return self.weights.items()
values = []
for name, shape, seed in json.loads(sys.argv[1]):
    bert = Bert()
    bert.weights = {{name: torch.empty(shape)}}
    initialize(bert, seed)
    values.append(bert.weights[name].flatten().tolist()[:4])
print(json.dumps(values))
"""


class HfWorker(unittest.TestCase):
    def test_first_weights_are_those_of_bench_worker(self):
        golden = (("bert.embeddings.word_embeddings.weight", [3, 8], 7,
                   (0.0175745673, -0.0135091478, -0.00212859758, 0.0219711624)),
                  ("qa_outputs.weight", [2, 5], 3,
                   (0.0322648846, -0.00265583489, -0.00742146187, -0.0277083479)))
        program = INITIALIZED.format(folder=str(WORKER.parent))
        weights = json.dumps([weight[:3] for weight in golden])
        done = subprocess.run([environment.own_python(), "-c", program, weights],
                              capture_output=True, text=True, check=True)
        for values, (*_, expected) in zip(json.loads(done.stdout), golden):
            for value, wanted in zip(values, expected):
                self.assertAlmostEqual(value, wanted, delta=1e-8)

    def test_every_variant_trains_on_what_bench_worker_trains_on(self):
        for precision in ("fp32", "bf16"):
            own = measure([BENCH_WORKER], small_cell(
                implementation="pytorch_tuned", precision=precision))
            own_peak = own["memory"]["measured"]["peak_bytes"]
            for variant in VARIANTS:
                with self.subTest(precision=precision, variant=variant):
                    record = measure(["python3", WORKER, *variant], small_cell(precision=precision))
                    replies().validate(record)
                    self.assertEqual(record["reason"], "")
                    self.assertEqual(record["tokens"], own["tokens"])
                    self.assertEqual(record["sequences_per_sample"], 4)
                    # Weights, moments and the embedding's gradients are most of this model.
                    peak = record["memory"]["measured"]["peak_bytes"]
                    self.assertLess(0.7 * own_peak, peak)
                    self.assertLess(peak, 1.5 * own_peak)
                    self.assertGreater(record["environment"]["resident"]["peak_bytes"], peak)

    def test_every_variant_passes_the_gate(self):
        for precision in ("fp32", "bf16"):
            for gelu in ("erf", "tanh"):
                for variant in VARIANTS:
                    with self.subTest(precision=precision, gelu=gelu, variant=variant):
                        cell = small_cell(precision=precision, model={"gelu": gelu})
                        verdict = ask(["python3", WORKER, *variant, "--check"], {"cell": cell})
                        replies().validate(verdict)
                        self.assertEqual(verdict["reason"], "")
                        self.assertEqual(verdict["tensors"], 41)

    def test_what_computes_something_else_is_caught(self):
        self.assertIsNotNone(environment.own_python(), "scripts/hf_environment.sh makes it")
        for change, status in (
                ("bert.GELU['erf'] = 'gelu_pytorch_tanh'", "incorrect"),
                ("training.MASKED_SCORE = 0.0", "incorrect"),
                ("bert.DTYPES = {'fp32': bert.torch.bfloat16}", "incorrect"),
                ("bert.torch.nn.Dropout.forward = lambda _, x: x", "mistrusted")):
            with self.subTest(change=change):
                program = SPOILED.format(folder=str(WORKER.parent), change=change)
                cell = small_cell(model={"attention_dropout": 0.0})
                verdict = ask([environment.own_python(), "-c", program], {"cell": cell},
                              **{environment.RESTARTED: "1"})
                self.assertEqual(verdict["status"], status, verdict)

    def test_a_memory_limit_is_kept_to_in_the_record(self):
        free = measure(["python3", WORKER], small_cell())
        peak = free["memory"]["measured"]["peak_bytes"]
        for limit, status in ((peak, "passed"), (peak - 1, "out_of_memory")):
            record = measure(["python3", WORKER], small_cell(
                device={"memory_limit_bytes": limit + 5, "reserved_bytes": 5}))
            replies().validate(record)
            self.assertEqual(record["status"], status, record["reason"])
        self.assertIn(record["phase"], ("forward", "backward", "optimizer"))
        self.assertLess(record["memory"]["out_of_memory"]["in_use_bytes"], peak)

    def test_data_that_is_not_there_is_a_crashed_record(self):
        record = measure(["python3", WORKER], small_cell(data={"file": "/nowhere.safetensors"}))
        self.assertEqual((record["status"], record["phase"]), ("crashed", "setup"))
        self.assertIn("/nowhere.safetensors", record["reason"])


if __name__ == "__main__":
    unittest.main()
