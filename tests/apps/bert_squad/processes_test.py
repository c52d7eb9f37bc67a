"""`mpirun bert_squad train` from outside: the same losses as one process, one that speaks and writes,
and an end for all when one ends.

Usage: processes_test.py BERT_SQUAD SOURCE_DIR
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CONFIG = {"train_batch_size": 12, "train_micro_batch_size_per_gpu": 3, "steps_per_print": 10,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3}}, "gradient_clipping": 1.0}
ZERO = {"zero_optimization": {"stage": 1}}
GIVE_UP_SECONDS = 60  # the others would wait forever


def variable(pid, name):
    """Of another process's environment; None where it has no such variable or is gone."""
    try:
        environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    prefix = name.encode() + b"="
    return next((entry[len(prefix):].decode() for entry in environment
                 if entry.startswith(prefix)), None)


def children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 20)
        self.configure()

    def configure(self, **changes):
        self.config = self.folder / "engine.json"
        self.config.write_text(json.dumps({**CONFIG, **changes}))

    def options(self, out, *arguments):
        return ["--train_file", str(self.questions), "--model_file", str(self.model),
                "--output_dir", str(self.folder / out), "--do_lower_case",
                "--implementation", "fused", "--deepspeed_config", str(self.config),
                "--num_train_epochs", "6", *arguments]

    def command(self, processes, out, *arguments):
        launch = [] if processes == 1 else ["mpirun", "-np", str(processes)]
        return [*launch, PROGRAM, "train", *self.options(out, *arguments)]

    def train(self, processes, out, *arguments):
        return subprocess.run(self.command(processes, out, *arguments), capture_output=True,
                              text=True, check=False, timeout=GIVE_UP_SECONDS)

    def losses(self, out):
        with open(self.folder / out / "loss_curve.csv", newline="") as file:
            return [float(row["loss"]) for row in csv.DictReader(file)]

    def trained(self, processes, out, *arguments):
        result = self.train(processes, out, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.losses(out)

    def assert_close(self, losses, expected):
        self.assertEqual(len(losses), len(expected))
        for loss, value in zip(losses, expected):
            self.assertAlmostEqual(loss, value, delta=1e-5)

    def test_losses_are_those_of_one_process(self):
        one = self.trained(1, "one")
        self.assertEqual(len(one), 10)
        self.assertLess(one[-1], one[0])
        for stage, changes in (("plain", {}), ("zero", ZERO)):
            self.configure(**changes)
            for processes in (2, 4):
                with self.subTest(stage, processes=processes):
                    self.assert_close(self.trained(processes, f"{stage}{processes}"), one)
            self.assertEqual(self.trained(2, f"{stage}_again"), self.losses(f"{stage}2"))

    def test_keyed_dropout_gives_pytorch_the_same_losses_for_any_split(self):
        for implementation in ("pytorch_eager", "pytorch_tuned"):
            with self.subTest(implementation):
                options = ("--implementation", implementation)
                one = self.trained(1, f"{implementation}1", *options, "--keyed_dropout")
                two = self.trained(2, f"{implementation}2", *options, "--keyed_dropout")
                self.assert_close(two, one)
                for size in ("2", "6"):
                    self.assert_close(
                        self.trained(1, f"{implementation}_by{size}", *options, "--keyed_dropout",
                                     "--train_micro_batch_size_per_gpu", size), one)
                stock = self.trained(1, f"{implementation}_stock", *options)
                self.assertGreater(max(abs(a - b) for a, b in zip(stock, one)), 1e-4)

    def test_keyed_dropout_is_that_of_fused(self):
        fused = self.trained(1, "fused")
        self.assert_close(self.trained(1, "eager", "--implementation", "pytorch_eager",
                                       "--keyed_dropout"), fused)

    def test_a_training_that_goes_on_must_agree_in_keyed_dropout(self):
        options = ("--implementation", "pytorch_eager", "--max_steps", "2")
        self.trained(1, "out", *options)
        result = self.train(1, "out", *options, "--keyed_dropout", "--resume")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("saved with dropout", result.stderr)

    def test_the_first_process_alone_speaks_and_writes(self):
        one = self.train(1, "one")
        two = self.train(2, "two")
        self.assertEqual(two.stdout.count("\n"), one.stdout.count("\n"))
        self.assertEqual(sorted(os.listdir(self.folder / "two")),
                         sorted(os.listdir(self.folder / "one")))
        for file in ("config.json", "vocab.txt"):
            self.assertEqual((self.folder / "two" / file).read_bytes(),
                             (self.folder / "one" / file).read_bytes())

    def kill_one(self, rows, out, *arguments):
        """Kills the second of two processes when the loss curve has so many rows; what is said."""
        curve = self.folder / out / "loss_curve.csv"
        with subprocess.Popen(self.command(2, out, *arguments), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as mpirun:
            while mpirun.poll() is None:
                if curve.exists() and curve.read_bytes().count(b"\n") > rows:
                    break
                time.sleep(0.001)
            ranks = children(mpirun.pid)
            second = next(pid for pid in ranks if variable(pid, "OMPI_COMM_WORLD_RANK") == "1")
            os.kill(int(second), 9)
            said, _ = mpirun.communicate(timeout=GIVE_UP_SECONDS)
        self.assertEqual(mpirun.returncode, 128 + 9, said)
        for pid in ranks:
            self.assertIsNone(variable(pid, "OMPI_COMM_WORLD_RANK"))
        return said

    def test_a_process_that_is_killed_ends_the_others_and_training_goes_on(self):
        self.configure(**ZERO)
        arguments = ("--num_train_epochs", "120", "--save_steps", "20")
        whole = self.trained(2, "whole", *arguments)
        self.assertIn("signal 9 (Killed)", self.kill_one(47, "killed", *arguments))
        for processes in (1, 4):
            result = self.train(processes, "killed", *arguments, "--resume")
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("processes", result.stderr)
        self.assertEqual(self.trained(2, "killed", *arguments, "--resume"), whole)

    def test_an_error_that_all_processes_have_is_said_once(self):
        result = self.train(2, "out", "--preln")
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("bert_squad: "), 1, result.stderr)
        self.assertIn("without --preln", result.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_lamb_is_refused_with_zero(self):
        self.configure(optimizer={"type": "Lamb"}, **ZERO)
        result = self.train(2, "out")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("Lamb", result.stderr)

    def test_the_job_script_runs_without_slurm(self):
        expected = self.trained(2, "mpirun")
        environment = {**os.environ, "BERT_SQUAD": PROGRAM, "PROCESSES": "2"}
        environment.pop("SLURM_JOB_ID", None)
        result = subprocess.run(["bash", SOURCE / "scripts/train_slurm.sh",
                                 *self.options("script")], env=environment, capture_output=True,
                                text=True, check=False, timeout=GIVE_UP_SECONDS)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.losses("script"), expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
