"""`bert_squad train` from outside: what it writes, that it learns, goes on after being killed, and
how it refuses.

Usage: train_test.py BERT_SQUAD SOURCE_DIR
"""

import csv
import json
import math
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CONFIG = {"train_batch_size": 6, "train_micro_batch_size_per_gpu": 3, "steps_per_print": 10,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3, "bias_correction": False}},
          "gradient_clipping": 1.0}


class Train(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 12)
        self.configure()

    def configure(self, **changes):
        self.config = self.folder / "engine.json"
        self.config.write_text(json.dumps({**CONFIG, **changes}))

    def command(self, out, *arguments):
        return ["train", "--train_file", self.questions, "--model_file", self.model,
                "--output_dir", self.folder / out, "--do_lower_case", "--deepspeed",
                "--deepspeed_config", self.config, *arguments]

    def train(self, out, *arguments):
        return tiny_model.run(PROGRAM, *self.command(out, *arguments))

    def rows(self, out):
        with open(self.folder / out / "loss_curve.csv", newline="") as file:
            return list(csv.DictReader(file))

    def losses(self, out):
        """What must be equal in two runs that are the same training."""
        return [(row["step"], row["loss"], row["loss_average"], row["learning_rate"])
                for row in self.rows(out)]

    def trained(self, out, *arguments):
        result = self.train(out, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [float(row["loss"]) for row in self.rows(out)]

    def assert_refused(self, result, *parts):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)

    def test_a_training_leaves_a_model_that_predicts_and_a_report(self):
        self.trained("out", "--num_train_epochs", 2)
        out = self.folder / "out"
        self.assertEqual(len(self.rows("out")), 4)
        tree = xml.etree.ElementTree.parse(out / "loss_curve.svg")
        self.assertEqual(sum(node.tag.endswith("polyline") for node in tree.iter()), 2)
        report = (out / "report.md").read_text()
        for part in ("loss_curve.svg", "loss_curve.csv", "warmup_linear", "| steps | 4 of 4 |",
                     "6 = micro-batch 3 x 2 accumulated", "samples/second"):
            self.assertIn(part, report)
        result = tiny_model.run(PROGRAM, "predict", "--predict_file", self.questions,
                                "--model_file", out, "--do_lower_case", "--output_dir", out)
        self.assertEqual((result.returncode, result.stderr.count("initialized")), (0, 0))
        self.assertEqual(len(json.loads((out / "predictions.json").read_text())), 12)

    def test_it_learns_and_every_implementation_and_optimizer_does(self):
        curves = []
        for out, arguments in (("eager", ("--implementation", "pytorch_eager")),
                               ("fused", ("--deepspeed_transformer_kernel",)),
                               ("packed", ("--implementation", "fused", "--flags",
                                           "remove_padding", "--optimizer", "fused_adamw"))):
            losses = self.trained(out, "--dropout", 0, "--num_train_epochs", 10, *arguments)
            self.assertLess(losses[-1], 0.9 * losses[0])
            curves.append(losses)
        for losses in curves[1:]:
            for loss, expected in zip(losses, curves[0], strict=True):
                self.assertAlmostEqual(loss, expected, delta=1e-3)

    def test_losses_follow_from_the_seed_and_dropout_acts(self):
        arguments = ("--deepspeed_transformer_kernel", "--num_train_epochs", 3, "--precision", "bf16")
        self.trained("a", *arguments)
        self.trained("b", *arguments)
        self.trained("other_seed", *arguments, "--seed", 7)
        self.trained("dropout", *arguments, "--dropout", 0.5)
        self.assertEqual(self.losses("a"), self.losses("b"))
        self.assertNotEqual(self.losses("a"), self.losses("other_seed"))
        self.assertNotEqual(self.losses("a"), self.losses("dropout"))

    def test_the_split_into_micro_batches_changes_rounding_alone(self):
        arguments = ("--deepspeed_transformer_kernel", "--num_train_epochs", 4, "--dropout", 0.2)
        whole = self.trained("whole", *arguments, "--train_micro_batch_size_per_gpu", 6)
        for size in (1, 2):
            split = self.trained(f"by{size}", *arguments, "--train_micro_batch_size_per_gpu", size)
            for loss, expected in zip(split, whole, strict=True):
                self.assertAlmostEqual(loss, expected, delta=1e-4)

    def test_two_processes_have_the_losses_of_one(self):
        arguments = ("--deepspeed_transformer_kernel", "--num_train_epochs", 4, "--threads", 1)
        one = self.trained("one", *arguments)
        for stage in (0, 1):
            self.configure(zero_optimization={"stage": stage})
            out = f"two_stage{stage}"
            result = tiny_model.run("mpirun", "-np", "2", PROGRAM, *self.command(out, *arguments))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr.count("[8/8]"), 1, result.stderr)
            losses = [float(row["loss"]) for row in self.rows(out)]
            for loss, expected in zip(losses, one, strict=True):
                self.assertAlmostEqual(loss, expected, delta=1e-4)

    def test_the_learning_rate_is_warmup_linear_of_the_whole_training(self):
        self.trained("out", "--num_train_epochs", 10, "--max_steps", 6, "--learning_rate", 1e-4,
                     "--warmup_proportion", 0.2)
        rates = [float(row["learning_rate"]) for row in self.rows("out")]
        self.assertEqual(len(rates), 6)
        for step, rate in enumerate(rates):
            expected = 1e-4 * (step / 4 if step < 4 else 1 - step / 20)
            self.assertAlmostEqual(rate, expected, delta=1e-12)

    def kill_after(self, rows, out, *arguments):
        """Runs until the loss curve has so many rows, and kills."""
        curve = self.folder / out / "loss_curve.csv"
        with subprocess.Popen([PROGRAM, *map(str, self.command(out, *arguments))],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                if curve.exists() and curve.read_bytes().count(b"\n") > rows:
                    process.kill()
                    break
                time.sleep(0.001)
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def test_a_training_that_is_killed_goes_on_to_the_same_losses(self):
        for name, special in (("fused", ("--implementation", "fused", "--precision", "bf16",
                                         "--optimizer", "fused_adamw")),
                              ("tuned", ("--implementation", "pytorch_tuned"))):
            with self.subTest(name):
                arguments = (*special, "--num_train_epochs", 150, "--save_steps", 20)
                self.trained("whole_" + name, *arguments)
                out = "killed_" + name
                self.kill_after(5, out, *arguments)  # before the first checkpoint
                for rows in (47, 160):
                    self.kill_after(rows, out, *arguments, "--resume")
                self.trained(out, *arguments, "--resume")
                self.assertEqual(self.losses(out), self.losses("whole_" + name))
                for file in ("model.safetensors", "config.json", "vocab.txt"):
                    self.assertEqual((self.folder / out / file).read_bytes(),
                                     (self.folder / ("whole_" + name) / file).read_bytes())

    def test_a_training_that_goes_on_must_be_the_same(self):
        arguments = ("--num_train_epochs", 5, "--max_steps", 4)
        self.trained("out", *arguments)
        before = (self.folder / "out/loss_curve.csv").read_bytes()
        for changed, part in ((("--seed", 1), "seed"),
                              (("--dropout", 0.3), "attention_dropout"),
                              (("--learning_rate", 1e-4), "learning rate"),
                              (("--train_micro_batch_size_per_gpu", 2), "batch")):
            with self.subTest(part):
                result = self.train("out", *arguments, *changed, "--resume")
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn("saved with " + part, result.stderr.splitlines()[-1])
        self.assertEqual((self.folder / "out/loss_curve.csv").read_bytes(), before)
        self.trained("out", "--num_train_epochs", 5, "--max_steps", 7, "--resume")
        self.assertEqual(len(self.rows("out")), 7)

    def test_an_output_folder_with_anything_in_it_is_refused(self):
        out = self.folder / "out"
        out.mkdir()
        (out / "mine").write_text("x")
        self.assert_refused(self.train("out"), "out: not empty", "--resume")
        self.assertEqual(os.listdir(out), ["mine"])
        self.assert_refused(self.train("q.json"), "not a directory")

    def test_resume_without_a_checkpoint_touches_nothing_of_others(self):
        out = self.folder / "out"
        (out / "checkpoints").mkdir(parents=True)
        for name in ("model.safetensors", "loss_curve.csv.mine", "checkpoints/mine"):
            with self.subTest(name):
                (out / name).write_text("x")
                self.assert_refused(self.train("out", "--resume"), f"out/{name}: --resume finds no",
                                    "give another --output_dir")
                self.assertEqual((out / name).read_text(), "x")
                self.assertFalse((out / "loss_curve.csv").exists())
                (out / name).unlink()

    def test_resume_begins_anew_on_what_ended_before_its_first_checkpoint(self):
        out = self.folder / "out"
        (out / "checkpoints/step-00000004.tmp").mkdir(parents=True)
        (out / "checkpoints/latest.4711.tmp").write_text("step-00000004")
        (out / "loss_curve.csv").write_text("step,loss\n1,5")
        (out / "loss_curve.csv.4711.tmp").write_text("step")
        self.assertEqual(len(self.trained("out", "--resume")), 4)

    def test_bad_settings_are_refused_before_anything_is_written(self):
        refused = (
            (("--train_micro_batch_size_per_gpu", 4), ("6 is not", "4 (--train_micro")),
            (("--implementation", "fused", "--flags", "stochastic_mode"),
             ("--allow_stochastic_mode",)),
            (("--precision", "fp16"), ("fp16", "bf16")), (("--dropout", 1), ("--dropout",)),
            (("--preln",), ("without --preln",)), (("--optimizer", "sgd"), ("--optimizer",)),
            (("--max_seq_length", 8), ("leaves no room",)),
            (("--deepspeed_config", self.folder / "none.json"), ("none.json",)),
            (("--train_file", SOURCE / "data/squad/dev-v1.1.rebuilt.json.xz"), ("3 answers",)))
        for arguments, parts in refused:
            with self.subTest(arguments=arguments):
                self.assert_refused(self.train("out", *arguments), *parts)
                self.assertFalse((self.folder / "out").exists())
        self.configure(surprise=1)
        self.assert_refused(self.train("out"), "engine.json", "surprise")
        self.configure(train_batch_size=7)
        self.assert_refused(self.train("out"), "engine.json", "train_batch_size")

    def test_a_loss_that_is_no_number_ends_the_training(self):
        weights = self.model / "model.safetensors"
        content = bytearray(weights.read_bytes())
        length, = struct.unpack("<Q", content[:8])
        begin, end = json.loads(content[8:8 + length])["qa_outputs.bias"]["data_offsets"]
        content[8 + length + begin:8 + length + end] = struct.pack("<2f", math.nan, math.nan)
        weights.write_bytes(content)
        result = self.train("out")
        self.assertEqual(result.returncode, 1)
        self.assertIn("the loss of step 1 is nan", result.stderr.splitlines()[-1])
        self.assertFalse((self.folder / "out/model.safetensors").exists())


    def test_weights_that_are_not_finite_are_not_saved(self):
        # The first step's learning rate is 0; the second's decay is infinite in fp32, and its loss was
        # computed before.
        self.configure(optimizer={"type": "Adam", "params": {"lr": 1e38, "weight_decay": 1e38}})
        result = self.train("out", "--num_train_epochs", 10, "--save_steps", 1)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("the weights after step 2 are not finite", result.stderr.splitlines()[-1])
        self.assertEqual(len(self.rows("out")), 2)
        checkpoints = self.folder / "out/checkpoints"
        self.assertEqual((checkpoints / "latest").read_text(), "step-00000001\n")
        self.assertEqual(sorted(os.listdir(checkpoints)), ["latest", "step-00000001"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
