"""`bert_squad predict` from outside: the answers it writes, and how it refuses.

Usage: predict_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import sys
import tempfile
import unittest

import safetensors_file
import tiny_model
from weight_names import huggingface_names

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = SOURCE / "tests/checkpoint/data"
TENSORFLOW = DATA / "tensorflow"
WORDS = "the of king river war was in year with two".split()


class Predict(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 9)

    def predict(self, *arguments, model=None, out="out"):
        return tiny_model.run(PROGRAM, "predict", "--predict_file", self.questions,
                              "--output_dir", self.folder / out, "--do_lower_case",
                              "--model_file", model or self.model, *arguments)

    def answers(self, *arguments, **options):
        """predictions.json and nbest_predictions.json of a run that works."""
        result = self.predict(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        out = self.folder / options.get("out", "out")
        return [json.loads((out / name).read_text())
                for name in ("predictions.json", "nbest_predictions.json")]

    def assert_refused(self, result, *parts, out="out"):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertFalse((self.folder / out).exists())

    def assert_near(self, first, second, delta=1e-3):
        """The same answers with the same logits but for rounding."""
        self.assertEqual(first[0], second[0])
        for question, answers in first[1].items():
            for left, right in zip(answers, second[1][question], strict=True):
                self.assertAlmostEqual(left["start_logit"], right["start_logit"], delta=delta)
                self.assertAlmostEqual(left["end_logit"], right["end_logit"], delta=delta)

    def test_every_question_is_answered_from_its_context(self):
        best, nbest = self.answers()
        self.assertEqual(list(best), [f"q{i}" for i in range(9)])
        contexts = [paragraph["context"] for paragraph in
                    json.loads(self.questions.read_text())["data"][0]["paragraphs"]]
        for context, (question, text) in zip(contexts, best.items(), strict=True):
            self.assertIn(text, context)
            self.assertEqual(nbest[question][0]["text"], text)
            self.assertAlmostEqual(sum(answer["probability"] for answer in nbest[question]), 1)
        self.assertEqual(sorted(os.listdir(self.folder / "out")),
                         ["nbest_predictions.json", "predictions.json"])

    def test_answers_do_not_depend_on_batches_padding_or_implementation(self):
        expected = self.answers("--predict_batch_size", 1)
        for arguments in (("--predict_batch_size", 4), ("--implementation", "pytorch_eager"),
                          ("--deepspeed_transformer_kernel",),
                          ("--implementation", "fused", "--flags", "remove_padding"),
                          ("--implementation", "fused", "--flags",
                           "flash_attention,remove_padding", "--predict_batch_size", 3),
                          ("--threads", 1)):
            self.assert_near(self.answers(*arguments), expected)

    def test_other_formats_of_the_same_weights_give_the_same_answers(self):
        expected = self.answers()
        config = ("--origin_bert_config_file", self.model / "config.json",
                  "--vocab_file", self.model / "vocab.txt")
        for name in ("hf_zip_pytorch_model.bin", "hf_legacy_pytorch_model.bin"):
            self.assertEqual(self.answers("--ckpt_type", "HF", *config,
                                          model=DATA / "pytorch" / name), expected)
        # DeepSpeed's file holds the same weights rounded to fp16.
        self.assert_near(self.answers("--ckpt_type", "DS", *config, model=DATA / "deepspeed"),
                         expected, delta=1e-2)

    def write_tensorflow_model(self):
        """A folder with TensorFlow's checkpoint as a safetensors file, from where an independent
        reader found its tensors, and its configuration and vocabulary."""
        model = tiny_model.write_model(self.folder / "tensorflow", SOURCE, hidden_size=4,
                                       num_hidden_layers=2, num_attention_heads=4,
                                       intermediate_size=16, vocab_size=15,
                                       max_position_embeddings=16)
        (model / "vocab.txt").write_text("\n".join(tiny_model.vocabulary()[:5] + WORDS) + "\n")
        data = (TENSORFLOW / "bert_model.ckpt.data-00000-of-00001").read_bytes()
        weights = {}
        for name, tensor in json.loads((TENSORFLOW / "bert_model.json").read_text())["tensors"].items():
            content, shape = data[tensor["offset"]:][:tensor["size"]], tensor["shape"]
            if name.endswith("/kernel"):  # inputs before outputs
                elements = [content[i:i + 4] for i in range(0, len(content), 4)]
                content = b"".join(element for column in range(shape[1])
                                   for element in elements[column::shape[1]])
                shape = shape[::-1]
            for huggingface in huggingface_names(name):
                weights[huggingface] = ("F32", shape, content)
        safetensors_file.write(model / "model.safetensors", weights)
        return model

    def test_a_tensorflow_checkpoint_gives_the_answers_of_its_weights(self):
        model = self.write_tensorflow_model()
        options = ("--max_seq_length", 16, "--doc_stride", 4, "--max_query_length", 4)
        config = ("--origin_bert_config_file", model / "config.json",
                  "--vocab_file", model / "vocab.txt")
        for arguments in (options, (*options, "--deepspeed_transformer_kernel")):
            self.assertEqual(self.answers("--ckpt_type", "TF", *config, *arguments,
                                          model=TENSORFLOW / "bert_model.ckpt"),
                             self.answers(*arguments, model=model))
        self.assert_refused(self.predict("--preln", *config, *options, out="refused",
                                         model=TENSORFLOW / "bert_model.ckpt"),
                            "bert_model.ckpt", "FinalLayerNorm", "without --preln", out="refused")

    def test_a_padded_vocabulary_changes_nothing(self):
        self.assertEqual(self.answers("--pad_vocabulary"), self.answers())

    def test_n_best_size_and_answer_length_bound_the_answers(self):
        best, nbest = self.answers("--n_best_size", 2, "--max_answer_length", 1)
        for answers in nbest.values():
            self.assertLessEqual(len(answers), 2)
        for text in best.values():
            self.assertLessEqual(len(text.split()), 1)

    def test_the_head_that_weights_lack_is_said_to_be_initialized(self):
        model = tiny_model.write_model(self.folder / "headless", SOURCE,
                                       "pytorch/allennlp_bert_xsmall.bin")
        result = self.predict(model=model / "allennlp_bert_xsmall.bin")
        self.assertEqual(result.returncode, 0)
        self.assertIn("has no \"qa_outputs.weight\", \"qa_outputs.bias\": initialized from seed 42",
                      result.stderr)

    def test_models_that_do_not_fit_are_refused_before_anything_runs(self):
        self.assert_refused(self.predict("--ckpt_type", "DS"), "model.safetensors", "HF, not DS")
        self.assert_refused(self.predict("--preln"), "FinalLayerNorm", "without --preln")
        self.assert_refused(self.predict("--max_seq_length", 513), "513", "512 positions")
        self.assert_refused(self.predict(model=DATA / "deepspeed"), "--origin_bert_config_file")
        self.assert_refused(self.predict("--vocab_file", SOURCE / "data/vocab/"
                                         "bert-base-uncased-vocab.txt"), "30522 words", "250")
        for name, changes, parts in (
                ("words", {"vocab_size": 300}, ("vocabulary has 250 words, not 300",)),
                ("hidden", {"hidden_size": 40}, ("[250, 20]", "makes it [250, 40]")),
                ("layers", {"num_hidden_layers": 2}, ("16 weights of the model are missing",)),
                ("heads", {"num_attention_heads": 3}, ("20", "3 heads")),
                ("act", {"hidden_act": "relu"}, ("config.json", "/hidden_act"))):
            model = tiny_model.write_model(self.folder / name, SOURCE, **changes)
            self.assert_refused(self.predict(model=model), *parts)
        (self.model / "vocab.txt").unlink()
        self.assert_refused(self.predict(), "--vocab_file")

    def test_options_that_do_not_go_together_are_refused(self):
        self.assert_refused(self.predict("--precision", "fp16"), "fp16", "bf16")
        self.assert_refused(self.predict("--implementation", "fuzed"), "did you mean 'fused'?")
        self.assert_refused(self.predict("--flags", "remove_paddin"), "remove_padding")
        self.assert_refused(self.predict("--flags", "remove_padding"), "pytorch_tuned has no")
        self.assert_refused(self.predict("--deepspeed_transformer_kernel", "--implementation",
                                         "pytorch_eager"), "--deepspeed_transformer_kernel")
        self.assert_refused(self.predict("--predict_batch_size", 0), "--predict_batch_size")
        self.assert_refused(self.predict("--device", "tpu"), "--device")

    @unittest.skipIf(pathlib.Path("/dev/nvidia0").exists(), "there is a GPU")
    def test_a_device_that_is_not_there_is_refused(self):
        self.assert_refused(self.predict("--device", "cuda"), "--device cuda", "CUDA")
        self.assert_refused(self.predict("--n_best_size", 0), "--n_best_size")

    def test_an_output_folder_that_cannot_be_made_is_named(self):
        (self.folder / "file").write_text("x")
        result = self.predict(out="file/below")
        self.assertEqual(result.returncode, 2)
        self.assertIn("file/below", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
