"""`bert_squad train` and `predict` with --preln: a checkpoint of DeepSpeed's kernel whose layers are
Pre-LN is trained, and what was trained answers.

Usage: preln_test.py BERT_SQUAD SOURCE_DIR
"""

import csv
import json
import pathlib
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CHECKPOINT = SOURCE / "tests/checkpoint/data/deepspeed/ds_preln_kernel.pt"
SIZES = {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4,
         "intermediate_size": 96, "max_position_embeddings": 64}
ENGINE = {"train_batch_size": 6, "train_micro_batch_size_per_gpu": 3,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3, "bias_correction": False}},
          "gradient_clipping": 1.0}


class PreLayerNorm(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE, **SIZES)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 12)
        (self.folder / "engine.json").write_text(json.dumps(ENGINE))

    def run_command(self, command, out, *arguments, weights=CHECKPOINT):
        described = ("--origin_bert_config_file", self.model / "config.json",
                     "--vocab_file", self.model / "vocab.txt") if weights == CHECKPOINT else ()
        return tiny_model.run(PROGRAM, command, "--do_lower_case", "--max_seq_length", 64,
                              "--model_file", weights, "--output_dir", self.folder / out,
                              *described, *arguments)

    def train(self, out, *arguments, **options):
        return self.run_command("train", out, "--train_file", self.questions, "--deepspeed_config",
                                self.folder / "engine.json", "--num_train_epochs", 10,
                                "--dropout", 0, *arguments, **options)

    def predict(self, out, *arguments, **options):
        return self.run_command("predict", out, "--predict_file", self.questions, *arguments,
                                **options)

    def answers(self, out, *arguments, **options):
        result = self.predict(out, *arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("initialized", result.stderr)
        return json.loads((self.folder / out / "nbest_predictions.json").read_text())

    def assert_refused(self, result, out, *parts):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertFalse((self.folder / out).exists())

    def test_it_is_trained_and_answers(self):
        curves = {}
        for out, kernel in (("eager", ("--implementation", "pytorch_eager")),
                            ("fused", ("--deepspeed_transformer_kernel",))):
            result = self.train(out, "--ckpt_type", "DS", "--preln", *kernel)
            self.assertEqual(result.returncode, 0, result.stderr)
            with open(self.folder / out / "loss_curve.csv", newline="") as file:
                curves[out] = [float(row["loss"]) for row in csv.DictReader(file)]
            self.assertLess(curves[out][-1], 0.9 * curves[out][0])
        for loss, expected in zip(curves["fused"], curves["eager"], strict=True):
            self.assertAlmostEqual(loss, expected, delta=1e-3)
        before = self.answers("before", "--ckpt_type", "DS", "--preln")
        after = self.answers("after", "--preln", weights=self.folder / "fused")
        self.assertEqual(list(after), [f"q{i}" for i in range(12)])
        self.assertNotEqual(after, before)

    def test_huggingface_names_give_the_same_answers(self):
        converted = tiny_model.run(PROGRAM, "convert", CHECKPOINT, self.model / "model.safetensors")
        self.assertEqual(converted.returncode, 0, converted.stderr)
        self.assertEqual(self.answers("converted", "--preln", weights=self.model),
                         self.answers("kernel", "--ckpt_type", "DS", "--preln"))

    def test_the_other_placement_is_refused_before_anything_is_written(self):
        for command in (self.train, self.predict):
            self.assert_refused(command("out"), "out", "ds_preln_kernel.pt", "load it with --preln")
        trained = self.train("trained", "--preln", "--max_steps", 1)
        self.assertEqual(trained.returncode, 0, trained.stderr)
        self.assert_refused(self.predict("out", weights=self.folder / "trained"), "out",
                            "load it with --preln")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
