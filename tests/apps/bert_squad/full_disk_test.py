"""`bert_squad` where the disk is full: one line says so, and what was there before is whole.

A limit on the size of files stands in for the disk. Usage: full_disk_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import pathlib
import resource
import signal
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
ENGINE = {"train_batch_size": 6, "train_micro_batch_size_per_gpu": 3,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3}}}


def limited(size):
    """For a child: no file may be larger than `size` bytes, by SIGXFSZ where that is not ignored."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and children would, too
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class FullDisk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 12)
        (self.folder / "engine.json").write_text(json.dumps(ENGINE))
        self.out = self.folder / "out"

    def train(self, *arguments, **options):
        return tiny_model.run(PROGRAM, "train", "--train_file", self.questions, "--do_lower_case",
                              "--model_file", self.model, "--output_dir", self.out,
                              "--deepspeed_config", self.folder / "engine.json", "--save_steps", 2,
                              "--num_train_epochs", 4, "--max_seq_length", 64, *arguments,
                              **options)

    def predict(self, model, **options):
        return tiny_model.run(PROGRAM, "predict", "--predict_file", self.questions,
                              "--do_lower_case", "--output_dir", self.out, "--model_file", model,
                              "--vocab_file", self.model / "vocab.txt",
                              "--origin_bert_config_file", self.model / "config.json", **options)

    def features(self, *arguments, **options):
        return tiny_model.run(PROGRAM, "features", self.questions, "--vocab_file",
                              self.model / "vocab.txt", "--do_lower_case", "--out",
                              self.out / "windows.safetensors", *arguments, **options)

    def assert_says(self, result, *parts):
        """The last line, which begins as errors do, says what could not be written and why."""
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertTrue(result.stderr.endswith("\n"))
        line = result.stderr.splitlines()[-1]
        for part in ("bert_squad: ", "File too large", *parts):
            self.assertIn(part, line)
        self.assertEqual(result.stderr.count("File too large"), 1, result.stderr)

    def test_commands_leave_nothing_half_written(self):
        self.out.mkdir()
        for size in (0, 1000):
            limit = limited(size)
            with self.subTest(size=size):
                self.assert_says(tiny_model.run(PROGRAM, "convert", self.model,
                                                self.out / "model.safetensors", preexec_fn=limit),
                                 "out/model.safetensors")
                self.assert_says(self.features(preexec_fn=limit), "out/windows.safetensors")
                self.assert_says(self.features("--cache_dir", self.out, preexec_fn=limit),
                                 "out/windows-")
                self.assert_says(self.predict(self.model, preexec_fn=limit),
                                 "nbest_predictions.json")
                self.assertEqual(files_of(self.out), {})

    def test_answers_that_were_there_stay(self):
        self.assertEqual(self.predict(self.model).returncode, 0)
        before = files_of(self.out)
        self.assert_says(self.predict(self.model, preexec_fn=limited(1000)),
                         "nbest_predictions.json")
        self.assertEqual(files_of(self.out), before)

    def test_a_training_keeps_its_earlier_checkpoints_and_goes_on(self):
        self.assertEqual(self.train("--max_steps", 4).returncode, 0)
        checkpoints = files_of(self.out / "checkpoints")
        weights = len(checkpoints["step-00000004/model.safetensors"])
        # Neither file of a checkpoint finds room, then only the first does.
        for size, name in ((1000, "model.safetensors"), (weights, "state-0-of-1")):
            with self.subTest(name):
                self.assert_says(self.train("--resume", preexec_fn=limited(size)),
                                 "step 6 was not saved", name)
                self.assertEqual(files_of(self.out / "checkpoints"), checkpoints)
        answered = self.predict(self.out / "checkpoints")
        self.assertEqual(answered.returncode, 0, answered.stderr)
        finished = self.train("--resume")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual((self.out / "checkpoints/latest").read_text(), "step-00000008\n")

    def test_a_training_without_room_for_its_first_checkpoint_leaves_none(self):
        self.assert_says(self.train(preexec_fn=limited(1000)), "step 2 was not saved")
        self.assertEqual(list(files_of(self.out)), ["loss_curve.csv"])
        self.assertEqual(list((self.out / "checkpoints").iterdir()), [])

    def test_a_loss_curve_without_room_says_why(self):
        self.assert_says(self.train("--no_cache", preexec_fn=limited(100)), "loss_curve.csv")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
