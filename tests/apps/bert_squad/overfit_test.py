"""Fine-tuning can learn 64 real windows by heart: a small BERT from random weights, trained by
`bert_squad train`, answers the questions it was trained on with F1 above 95.

Usage: overfit_test.py BERT_SQUAD SOURCE_DIR
"""

import array
import json
import lzma
import pathlib
import random
import struct
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
VOCABULARY = SOURCE / "data/vocab/bert-base-uncased-vocab.txt"
HIDDEN, LAYERS, QUESTIONS = 128, 2, 64
CONFIG = {"hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": 4,
          "intermediate_size": 4 * HIDDEN, "vocab_size": 30522, "max_position_embeddings": 384,
          "type_vocab_size": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
          "attention_probs_dropout_prob": 0.1}
ENGINE = {"train_batch_size": 16, "train_micro_batch_size_per_gpu": 16, "steps_per_print": 100,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3}}, "gradient_clipping": 1.0}


def shapes():
    """HuggingFace's names and shapes of all weights but the span head's."""
    def norm(name):
        return {f"{name}.weight": [HIDDEN], f"{name}.bias": [HIDDEN]}

    def linear(name, inputs, outputs):
        return {f"{name}.weight": [outputs, inputs], f"{name}.bias": [outputs]}

    all_shapes = {f"bert.embeddings.{name}_embeddings.weight": [rows, HIDDEN]
                  for name, rows in (("word", 30522), ("position", 384), ("token_type", 2))}
    all_shapes |= norm("bert.embeddings.LayerNorm")
    for layer in range(LAYERS):
        prefix = f"bert.encoder.layer.{layer}."
        for name in ("attention.self.query", "attention.self.key", "attention.self.value",
                     "attention.output.dense"):
            all_shapes |= linear(prefix + name, HIDDEN, HIDDEN)
        all_shapes |= linear(prefix + "intermediate.dense", HIDDEN, 4 * HIDDEN)
        all_shapes |= linear(prefix + "output.dense", 4 * HIDDEN, HIDDEN)
        all_shapes |= norm(prefix + "attention.output.LayerNorm")
        all_shapes |= norm(prefix + "output.LayerNorm")
    return all_shapes


def write_random_weights(path):
    """BERT's initialization: N(0, 0.02), LayerNorm 1, biases 0."""
    generator = random.Random(1)
    header, data = {}, bytearray()
    for name, shape in shapes().items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        if name.endswith("bias"):
            values = array.array("f", [0.0]) * count
        elif "LayerNorm" in name:
            values = array.array("f", [1.0]) * count
        else:
            values = array.array("f", (generator.gauss(0, 0.02) for _ in range(count)))
        content = values.tobytes()
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_first_questions(path):
    """The first questions of the training slice whose windows are one each."""
    with lzma.open(SOURCE / "data/squad/train-v1.1.subset44.json.xz", "rt") as file:
        article = json.load(file)["data"][0]
    paragraphs, count = [], 0
    for paragraph in article["paragraphs"]:
        questions = paragraph["qas"][:QUESTIONS - count]
        if len(paragraph["context"].split()) < 200 and questions:
            paragraphs.append({**paragraph, "qas": questions})
            count += len(questions)
    path.write_text(json.dumps({"version": "1.1", "data": [{**article, "paragraphs": paragraphs}]}))


class Overfit(unittest.TestCase):
    def run_program(self, *arguments):
        result = tiny_model.run(PROGRAM, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def test_it_answers_what_it_was_trained_on(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            model = folder / "model"
            model.mkdir()
            write_random_weights(model / "model.safetensors")
            (model / "config.json").write_text(json.dumps(CONFIG))
            (folder / "engine.json").write_text(json.dumps(ENGINE))
            questions = folder / "questions.json"
            write_first_questions(questions)
            shared = ("--vocab_file", VOCABULARY, "--do_lower_case", "--implementation", "fused",
                      "--flags", "remove_padding", "--output_dir", folder / "out")
            trained = self.run_program(
                "train", "--train_file", questions, "--model_file", model, "--deepspeed_config",
                folder / "engine.json", "--optimizer", "fused_adamw", "--dropout", 0,
                "--num_train_epochs", 60, *shared)
            print(trained.stdout + trained.stderr)
            self.run_program("predict", "--predict_file", questions, "--model_file",
                             folder / "out", *shared)
            scores = json.loads(self.run_program("evaluate", questions,
                                                 folder / "out/predictions.json").stdout)
            print(scores)
            self.assertGreater(scores["f1"], 95)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
