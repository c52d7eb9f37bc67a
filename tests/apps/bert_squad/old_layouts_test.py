"""`bert_squad predict` reads the layouts and names that older programs saved, to the same answers.

Usage: old_layouts_test.py BERT_SQUAD SOURCE_DIR
"""

import collections
import pathlib
import sys
import tempfile
import unittest

import safetensors_file
import tiny_model
import torch_file

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = SOURCE / "tests/checkpoint/data"
ANSWERS = ("predictions.json", "nbest_predictions.json")


def with_old_norm_names(name):
    """As files of before PyTorch 1.0, converted from TensorFlow, have it."""
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias",
                                                                      "LayerNorm.beta")


def without_prefix(name):
    return name.removeprefix("bert.")


def of_data_parallel(name):
    return "module." + name


NAMES = {"plain": lambda name: name, "gamma_beta": with_old_norm_names, "bare": without_prefix,
         "module": of_data_parallel,
         "module_bare": lambda name: of_data_parallel(without_prefix(name)),
         "all": lambda name: of_data_parallel(with_old_norm_names(without_prefix(name)))}
# What stands at the top of the file, and the --ckpt_type that it is.
LAYOUTS = {"state_dict": ("HF", lambda state: state),
           "model_state_dict": ("DS", lambda state: {"model_state_dict": state, "epoch": 3}),
           "module": ("DS", lambda state: {"module": state, "global_steps": 160,
                                           "lr_scheduler": None})}


def state_dict(rename):
    """As a module's state_dict() is pickled: ordered, with metadata of its own."""
    tensors, _ = safetensors_file.read(DATA / "model.safetensors")
    state = collections.OrderedDict((rename(name), torch_file.Tensor(shape, content))
                                    for name, (_, shape, content) in tensors.items())
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    return state


class OldLayouts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.questions = tiny_model.write_questions(self.folder / "q.json", 3)

    def answers(self, weights, kind):
        """The bytes of both files of answers, of a run that had nothing to say."""
        result = tiny_model.run(PROGRAM, "predict", "--predict_file", self.questions,
                                "--do_lower_case", "--output_dir", self.folder / "out",
                                "--model_file", weights, "--ckpt_type", kind,
                                "--origin_bert_config_file", self.model / "config.json",
                                "--vocab_file", self.model / "vocab.txt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("initialized", result.stderr)
        return [(self.folder / "out" / name).read_bytes() for name in ANSWERS]

    def test_every_layout_and_name_gives_the_same_bytes(self):
        expected = self.answers(DATA / "pytorch/hf_zip_pytorch_model.bin", "HF")
        for layout, (kind, wrapped) in LAYOUTS.items():
            for names, rename in NAMES.items():
                for write in (torch_file.write_zip, torch_file.write_legacy):
                    with self.subTest(layout=layout, names=names, write=write.__name__):
                        file = self.folder / "weights.bin"
                        write(file, wrapped(state_dict(rename)))
                        self.assertEqual(self.answers(file, kind), expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
