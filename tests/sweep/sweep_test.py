"""Whole programs on real input: bench_sweep with the real worker.

Usage: sweep_test.py BIN_DIR [unittest arguments]
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/bin"
# Tests that run at the same time do not wait for each other's sweeps.
LOCKS = tempfile.TemporaryDirectory()
os.environ["BENCH_SWEEP_LOCKS"] = LOCKS.name
REPORTS = ("speedup.csv", "flag_requirements.csv", "flag_costs.csv", "memory.csv", "report.md")


def bench_sweep(*arguments: object, env: dict | None = None) -> subprocess.CompletedProcess:
    command = [BIN / "bench_sweep", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=500, env=env)


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def records(run: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in (run / "records.jsonl").read_text().splitlines()]


class SweepTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out"

    def write_spec(self, name: str, **changes: object) -> pathlib.Path:
        """A sweep of the tree, with some keys changed, in a folder of the test's."""
        spec = json.loads((ROOT / "sweeps" / f"{name}.json").read_text())
        for key in {"file", "vocabulary"} & spec["data"].keys():
            spec["data"][key] = str(ROOT / "sweeps" / spec["data"][key])
        for key, value in changes.items():
            spec[key] = {**spec[key], **value} if isinstance(value, dict) else value
        path = self.folder / "spec.json"
        path.write_text(json.dumps(spec))
        return path


class Quickstart(SweepTest):
    def test_every_cell_uses_the_memory_that_was_planned(self):
        spec = self.write_spec("quickstart", measure={"rounds": 1, "warmup_steps": 1, "steps": 1})
        done = bench_sweep(spec, "--out", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        passed = [record for record in records(self.out) if record["status"] == "passed"]
        for record in passed:
            planned = record["memory"]["planned"]["peak_bytes"]
            measured = record["memory"]["measured"]["peak_bytes"]
            scratch = record["memory"]["measured"]["library_scratch_bytes"]
            cell = record["repro"]
            if record["cell"]["implementation"] == "fused":
                self.assertEqual(measured - scratch, planned, cell)
            else:
                self.assertLessEqual(abs(measured - scratch - planned), 0.005 * planned, cell)
        needed = {flag for record in passed for flag in record["cell"]["flags"]}
        for flag in ("normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"):
            self.assertIn(flag, needed)
        eager = {
            record["cell"]["micro_batch"]: record
            for record in records(self.out)
            if record["cell"]["implementation"] == "pytorch_eager" and not record["cell"]["flags"]
        }
        self.assertEqual(eager[6]["status"], "passed")
        self.assertEqual(eager[12]["status"], "out_of_memory")
        self.assertEqual(eager[12]["memory"]["source"], "measured")
        self.assertGreater(eager[12]["memory"]["out_of_memory"]["requested_bytes"], 0)


class Boundaries(SweepTest):
    def test_what_fits_by_the_plan_trains_and_one_more_does_not(self):
        command = [ROOT / "scripts/largest_micro_batch.py", ROOT / "sweeps/quickstart.json",
                   "--bench-sweep", BIN / "bench_sweep", "pytorch_eager",
                   "fused:normalize_invertible+gelu_checkpoint+flash_attention"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=500)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = done.stdout.splitlines()[2:]
        self.assertEqual([line.split(" | ")[0] for line in lines], ["| pytorch_eager", "| fused"])
        for line in lines:
            self.assertIn("| passed, ", line)
            self.assertIn("| out of memory in backward |", line)


class TinySweep(SweepTest):
    def setUp(self):
        super().setUp()
        self.spec = self.write_spec(
            "quickstart",
            device={"memory_limit": "260 MiB"},
            model={"layers": 1},
            axes={
                "implementation": ["pytorch_eager", "pytorch_tuned", "fused"],
                "micro_batch": [1, 8],
                "sequence_length": [64],
                "precision": ["fp32", "bf16"],
                "flags": "cheapest",
            },
            measure={"rounds": 1, "warmup_steps": 0, "steps": 1},
            flag_table_limits=["260 MiB"],
        )

    def test_reports_come_out_the_same_from_the_records_alone(self):
        done = bench_sweep(self.spec, "--out", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        before = {name: (self.out / name).read_bytes() for name in REPORTS}
        for name in REPORTS:
            (self.out / name).unlink()
        self.assertEqual(bench_sweep("report", self.out).returncode, 0)
        for name in REPORTS:
            self.assertEqual((self.out / name).read_bytes(), before[name], name)

    def test_the_gate_covers_every_passed_record(self):
        bench_sweep(self.spec, "--out", self.out)
        passed = [record for record in records(self.out) if record["status"] == "passed"]
        self.assertGreaterEqual(len(passed), 8)
        for record in passed:
            self.assertEqual([check["status"] for check in record["checks"]], ["passed"])
            self.assertGreater(record["checks"][0]["tensors"], 30)

    def test_a_record_runs_again_by_its_repro(self):
        bench_sweep(self.spec, "--out", self.out)
        record = next(r for r in records(self.out) if r["status"] == "passed")
        done = bench_sweep("cell", json.dumps(record["cell"]))
        self.assertEqual(done.returncode, 0, done.stderr)
        again = json.loads(done.stdout)
        self.assertEqual(again["cell"], record["cell"])
        self.assertEqual(
            again["memory"]["measured"]["peak_bytes"], record["memory"]["measured"]["peak_bytes"]
        )

    def test_a_limit_below_the_weights_is_out_of_memory_everywhere(self):
        done = bench_sweep(self.spec, "--out", self.out, "--memory-limit", "64 MiB")
        self.assertEqual({r["status"] for r in records(self.out)}, {"out_of_memory"})
        self.assertEqual(done.returncode, 5, done.stderr)  # the device is there, no cell passed

    def test_fp16_on_the_cpu_is_unsupported(self):
        spec = self.write_spec(
            "quickstart",
            axes={"precision": ["fp16"], "micro_batch": [1]},
            measure={"rounds": 1, "warmup_steps": 0, "steps": 1},
        )
        bench_sweep(spec, "--out", self.out)
        self.assertEqual({r["status"] for r in records(self.out)}, {"unsupported"})


class SquadSweep(SweepTest):
    """On questions, with the user's cache in the test's folder."""

    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        self.questions = self.folder / "questions.json"
        self.write_questions([{"text": "Bern", "answer_start": 15}])
        self.spec = self.write_spec(
            "cpu_minilm_squad",
            data={"file": str(self.questions)},
            model={"layers": 1},
            axes={
                "implementation": ["pytorch_tuned", "fused"],
                "micro_batch": [2],
                "sequence_length": [32, 64],
                "precision": ["fp32"],
                "flags": [[], ["remove_padding"]],
            },
            measure={"rounds": 1, "warmup_steps": 1, "steps": 3},
        )

    def write_questions(self, answers: list[dict]):
        """Eight questions about one paragraph of 140 words."""
        context = "The capital is Bern. " + "It lies on the river Aare. " * 23
        questions = [{"id": str(i), "question": "What is the capital? " * (1 + i % 3),
                      "answers": answers} for i in range(8)]
        self.questions.write_text(json.dumps(
            {"data": [{"title": "", "paragraphs": [{"context": context, "qas": questions}]}]}))

    def bench_sweep(self, *arguments: object) -> subprocess.CompletedProcess:
        return bench_sweep(*arguments, env=self.environment)

    def test_cells_train_on_windows_of_their_sequence_length_as_planned(self):
        done = self.bench_sweep(self.spec, "--out", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        run = records(self.out)
        self.assertEqual({r["status"] for r in run}, {"passed"})
        self.assertEqual({r["cell"]["sequence_length"] for r in run}, {32, 64})
        tokens = {}
        for record in run:
            cell = record["cell"]
            measured = record["memory"]["measured"]
            if cell["implementation"] == "fused":
                self.assertEqual(measured["peak_bytes"] - measured["library_scratch_bytes"],
                                 record["memory"]["planned"]["peak_bytes"], record["repro"])
            # Same windows, whatever computes them.
            same = tokens.setdefault(cell["sequence_length"], record["tokens"])
            self.assertEqual(record["tokens"], same)
            self.assertLessEqual(max(same), 2 * cell["sequence_length"])
        self.assertEqual(len(list((self.folder / "cache/bench_sweep/windows").iterdir())), 2)

    def test_a_record_runs_again_by_its_repro(self):
        self.bench_sweep(self.spec, "--out", self.out)
        record = next(r for r in records(self.out) if r["cell"]["flags"])
        done = self.bench_sweep("cell", json.dumps(record["cell"]))
        self.assertEqual(done.returncode, 0, done.stderr)
        again = json.loads(done.stdout)
        self.assertEqual(again["cell"], record["cell"])
        self.assertEqual(again["tokens"], record["tokens"])

    def test_questions_that_cannot_be_used_are_one_line_and_nothing_is_written(self):
        bern = {"text": "Bern", "answer_start": 15}
        for answers, problem in (([], "answers"), ([bern, bern], "answers"),
                                 ([{"text": "Rome", "answer_start": 15}], "answer")):
            self.write_questions(answers)
            for command in ([], ["list"], ["plan"]):
                out = [] if command == ["list"] else ["--out", self.out]
                done = self.bench_sweep(*command, self.spec, *out)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(f"{self.spec}: /data: {self.questions}: ", done.stderr)
                self.assertIn(problem, done.stderr)
                self.assertFalse(self.out.exists())

    def test_sequences_that_a_question_fills_are_one_line(self):
        spec = json.loads(self.spec.read_text())
        spec["axes"]["sequence_length"] = [16]
        self.spec.write_text(json.dumps(spec))
        done = self.bench_sweep("list", self.spec)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("leaves no room for its paragraph in a window of 16", done.stderr)


class VsHuggingface(SweepTest):
    """With a cache that has no torch: tests/examples/hf_whole_test.py is the rest."""

    def test_without_torch_its_cells_say_what_is_missing_and_the_others_are_measured(self):
        sweep = json.loads((ROOT / "sweeps/cpu_minilm_vs_huggingface.json").read_text())
        implementations = sweep["axes"]["implementation"]
        for implementation in implementations[:3]:
            script = (ROOT / "sweeps" / implementation["worker"][1]).resolve()
            implementation["worker"][1] = str(script)
        spec = self.write_spec(
            "cpu_minilm_vs_huggingface",
            model={"layers": 1},
            axes={"implementation": implementations, "micro_batch": [1], "sequence_length": [32]},
            measure={"rounds": 1, "warmup_steps": 0, "steps": 1},
        )
        done = bench_sweep(spec, "--out", self.out,
                           env={**os.environ, "BENCH_SWEEP_CACHE": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        statuses = {}
        for record in records(self.out):
            cell = record["cell"]
            statuses.setdefault(cell["implementation"], set()).add(record["status"])
            if record["status"] == "unsupported":
                self.assertIn("scripts/hf_environment.sh", record["reason"])
        self.assertEqual(statuses, {
            "hf_eager": {"unsupported"}, "hf_sdpa": {"unsupported"}, "hf_compile": {"unsupported"},
            "pytorch_tuned": {"passed"}, "fused": {"passed"}})


class PublishedSweeps(SweepTest):
    """On a machine without a CUDA device."""

    def check(self, name: str, micro_batches: list[str]):
        done = bench_sweep(ROOT / "sweeps" / f"{name}.json", "--out", self.out)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("CUDA device", done.stderr)
        self.assertEqual({r["status"] for r in records(self.out)}, {"unsupported"})
        speedup = rows(self.out / "speedup.csv")
        self.assertEqual(sorted({r["micro_batch"] for r in speedup}, key=int), micro_batches)
        for row in speedup:
            self.assertEqual(row["candidate_samples_per_second"], "")
            self.assertEqual(row["candidate_status"], "unsupported")
        for row in rows(self.out / "memory.csv"):
            self.assertGreater(int(row["planned_peak_bytes"]), 5 << 30)
            self.assertEqual(row["measured_peak_bytes"], "")
        requirements = rows(self.out / "flag_requirements.csv")
        fused = [r for r in requirements if r["implementation"] == "fused"]
        self.assertEqual(fused[-1]["flags"], "out_of_memory")
        return (self.out / "report.md").read_text()

    def test_v100_32g_is_planned_beside_the_published_numbers(self):
        report = self.check("v100_32g", ["4", "6", "12", "24", "32"])
        for number in ("37.78", "50.82", "43.81", "55.97", "49.32", "61.41", "60.7", "63.01"):
            self.assertIn(number, report)

    def test_v100_16g_is_planned_beside_the_published_numbers(self):
        report = self.check("v100_16g", ["4", "6", "8"])
        for number in ("36.34", "50.76", "54.28", "54.16"):
            self.assertIn(number, report)

    def test_plan_needs_no_device(self):
        done = bench_sweep("plan", ROOT / "sweeps/v100_32g.json", "--out", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.out / "memory.csv").exists())
        self.assertTrue((self.out / "flag_requirements.csv").exists())
        self.assertFalse((self.out / "records.jsonl").exists())


class GateCi(SweepTest):
    """The project's own gate, against the run that is kept beside this file."""

    def gate(self, *options: object) -> tuple[subprocess.CompletedProcess, dict]:
        done = bench_sweep("gate", ROOT / "sweeps/gate_ci.json", "--against-run",
                           ROOT / "tests/sweep/gate_ci", "--out", self.out, *options)
        return done, json.loads((self.out / "gate.json").read_text())

    def test_memory_and_status_are_as_they_were_kept(self):
        done, gate = self.gate()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(gate["counts"]["passed"], 3, done.stdout)
        after = sorted(cell["status"]["after"] for cell in gate["cells"])
        self.assertEqual(after, ["out_of_memory", "out_of_memory", "passed"])

    def test_another_memory_limit_is_another_question(self):
        done, gate = self.gate("--memory-limit", "240 MiB")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("device.memory_limit_bytes", gate["cells"][0]["reason"])


if __name__ == "__main__":
    unittest.main()
