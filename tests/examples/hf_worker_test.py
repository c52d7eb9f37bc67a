"""examples/hf_worker.py: all of it that needs no torch."""
import io
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import jsonschema

from hf_cells import ROOT, WINDOWS, WORKER, small_cell

import hf_worker  # noqa: E402
from hf_bert import cells, environment, gate, measure, order, safetensors_file  # noqa: E402

sys.path.insert(0, str(ROOT / "scripts"))
import window_lengths  # noqa: E402


def validator(name: str) -> jsonschema.Draft7Validator:
    file = ROOT / f"docs/worker_{name}.schema.json"
    schema = json.loads(file.read_text())
    return jsonschema.Draft7Validator(
        schema, resolver=jsonschema.RefResolver(file.as_uri(), schema))


REPLIES = validator("reply")


def run_worker(*arguments: str, request: str = "", **environment: str):
    """The program by an interpreter without torch, with no environment of its own either."""
    with tempfile.TemporaryDirectory() as cache:
        variables = {"PATH": os.environ["PATH"], "BENCH_SWEEP_CACHE": cache, **environment}
        return subprocess.run([sys.executable, "-S", WORKER, *arguments], input=request, text=True,
                              capture_output=True, timeout=60, env=variables, check=False)


class Plan(unittest.TestCase):
    def test_the_request_of_the_test_is_one_of_the_protocol(self):
        validator("request").validate([small_cell()])

    def test_a_cell_that_can_run_has_an_open_plan(self):
        reply = cells.plan_reply([small_cell(), small_cell(precision="bf16")], "")
        REPLIES.validate(reply)
        self.assertEqual(reply["plans"], [{"footprint": None, "unsupported_reason": ""}] * 2)
        self.assertTrue(reply["device"]["available"])

    def test_what_cannot_run_says_why(self):
        for changes, word in (
                ({"precision": "fp16"}, "fp16"), ({"optimizer": "fused_adamw"}, "fused_adamw"),
                ({"flags": ["flash_attention"]}, "flash_attention"),
                ({"model": {"layer_norm": "pre"}}, "LayerNorm"),
                ({"data": {"source": "squad"}}, "windows"),
                ({"measure": {"pinning": "compact"}}, "pins none"),
                ({"sequence_length": 65}, "positions"), ({"device": {"kind": "cuda"}}, "cuda")):
            with self.subTest(changes=changes):
                reply = cells.plan_reply([small_cell(**changes)], "")
                REPLIES.validate(reply)
                self.assertIn(word, reply["plans"][0]["unsupported_reason"])

    def test_without_its_packages_nothing_can_run(self):
        done = run_worker("--plan", request=json.dumps([small_cell()]) + "\n[]\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        first, second = map(json.loads, done.stdout.splitlines())
        REPLIES.validate(first)
        self.assertIn("scripts/hf_environment.sh", first["plans"][0]["unsupported_reason"])
        self.assertEqual(second["plans"], [])

    def test_a_bad_line_ends_it_after_the_replies_before(self):
        done = run_worker("--plan", request="[]\n{}\n[]\n")
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (2, 1))
        self.assertEqual(done.stderr, "hf_worker: a line of --plan must be an array of cells\n")

    def test_a_round_without_its_packages_is_one_line(self):
        for mode in ([], ["--check"]):
            done = run_worker(*mode)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertIn("scripts/hf_environment.sh", done.stderr)

    def test_its_own_environment_counts_once_it_is_whole(self):
        with tempfile.TemporaryDirectory() as cache, \
                mock.patch.dict(os.environ, BENCH_SWEEP_CACHE=cache), \
                mock.patch.object(environment, "has_packages", return_value=False):
            folder = pathlib.Path(cache) / "huggingface"
            (folder / "bin").mkdir(parents=True)
            self.assertIsNone(environment.own_python())
            self.assertNotEqual(environment.missing_packages(), "")
            (folder / "complete").touch()
            self.assertEqual(environment.own_python(), folder / "bin/python")
            self.assertEqual(environment.missing_packages(), "")

    def test_the_processor_is_named_as_bench_worker_names_it(self):
        cpuinfo = ("processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\n"
                   "stepping\t: 1\npower management:\n\nprocessor\t: 1\nmodel\t\t: 18\n")
        self.assertEqual(environment.cpu_name(cpuinfo),
                         "AMD EPYC (family 25, model 17, stepping 1)")
        self.assertEqual(environment.cpu_name("model name\t: Abacus\n\n"), "Abacus")
        self.assertEqual(environment.cpu_name("processor\t: 0\n"), "unknown")


class Requests(unittest.TestCase):
    def answers(self, arguments: list, request: object) -> list:
        replies = []
        hf_worker.answer(hf_worker.read_arguments(arguments), io.StringIO(json.dumps(request)),
                         replies.append)
        return replies

    def test_a_round_is_measured_and_a_check_checked(self):
        asked = {"cell": small_cell(), "round": 2, "repro": "again"}
        with mock.patch.object(measure, "record", return_value="a record") as record, \
                mock.patch.object(gate, "check", return_value="a verdict") as check:
            self.assertEqual(self.answers([], asked), ["a record"])
            self.assertEqual(record.call_args[0][0], asked)
            self.assertEqual(self.answers(["--check"], {"cell": small_cell()}), ["a verdict"])
            self.assertEqual(check.call_args[0][0], small_cell())

    def test_what_is_no_request_is_refused(self):
        for arguments, request in (([], {"cell": {}}), ([], []),
                                   (["--check"], {"cell": {}, "x": 1})):
            with self.subTest(request=request), self.assertRaises(ValueError):
                self.answers(arguments, request)

    def test_a_record_that_is_not_passed_is_valid_and_says_why(self):
        options = hf_worker.read_arguments([])
        asked = {"cell": small_cell(flags=["gelu_checkpoint"]), "round": 0, "repro": "again"}
        unsupported = measure.record(asked, options)
        self.assertEqual((unsupported["status"], unsupported["phase"]), ("unsupported", "setup"))
        asked["cell"] = small_cell()
        ends = ((RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "skipped"),
                (MemoryError(), "skipped"), (RuntimeError("a\nb"), "crashed"),
                (KeyError(), "crashed"))
        for error, status in ends:
            with mock.patch.object(measure, "run", side_effect=error):
                record = measure.record(asked, options)
            REPLIES.validate(record)
            self.assertEqual(record["status"], status)
        REPLIES.validate(unsupported)


class Windows(unittest.TestCase):
    def test_the_file_is_read_as_it_is(self):
        tensors = safetensors_file.read_safetensors(WINDOWS)
        self.assertEqual(tensors["input_ids"].shape, (512, 384))
        masks = tensors["attention_mask"].rows()
        self.assertEqual([sum(row) for row in masks], window_lengths.window_lengths(WINDOWS))

    def test_a_file_that_is_none_is_named(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\x08\0\0\0\0\0\0\0nonsense")
            file.flush()
            with self.assertRaisesRegex(ValueError, file.name):
                safetensors_file.read_safetensors(file.name)

    def test_the_order_is_the_workers(self):
        lengths = list(range(100, 105))
        expected = list(itertools.islice(window_lengths.epochs(lengths, 7), 12))
        windows = order.WindowOrder(5, 7)
        places = windows.of_step(0, 4) + windows.of_step(1, 4) + windows.of_step(2, 4)
        self.assertEqual([lengths[place] for place in places], expected)

    def test_a_global_batch_is_whole_micro_batches(self):
        for global_batch, sequences in ((8, 8), (24, 24), (25, 32), (3, 8)):
            cell = small_cell(micro_batch=8, global_batch=global_batch)
            self.assertEqual(cells.sequences_per_step(cell), sequences)


class Whereabouts(unittest.TestCase):
    def test_a_question_is_answered_while_the_main_thread_is_in_one_call(self):
        program = (
            "from hf_bert import whereabouts\nimport time\nwhereabouts.answer_signals()\n"
            "whereabouts.enter_step(3, 12)\nwhereabouts.enter_phase('backward')\n"
            "whereabouts.enter_phase('backward')\ntime.sleep(60)\n")
        worker = subprocess.Popen([sys.executable, "-c", program], cwd=WORKER.parent, text=True,
                                  stderr=subprocess.PIPE)
        try:
            self.assertEqual(worker.stderr.readline(), "phase: backward\n")
            asked = time.monotonic()
            worker.send_signal(signal.SIGUSR1)
            self.assertEqual(worker.stderr.readline(), "where: backward, step 3 of 12\n")
            self.assertLess(time.monotonic() - asked, 30)
        finally:
            worker.kill()
            worker.communicate()


if __name__ == "__main__":
    unittest.main()
