"""HuggingFace's own safetensors package reads what `bert_squad convert` writes.

Names, shapes and bytes are those that PyTorch and an independent reader found in the checkpoints
(tests/checkpoint/data). Usage: safetensors_package_test.py BERT_SQUAD SOURCE_DIR
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from weight_names import huggingface_names

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = SOURCE / "tests/checkpoint/data"
sys.path.insert(0, subprocess.run([SOURCE / "scripts/setup.sh", "--print-test-packages"], check=True,
                                  capture_output=True, text=True).stdout.strip())

import numpy  # noqa: E402
import safetensors  # noqa: E402
import safetensors.numpy  # noqa: E402

WORDS = "bert.embeddings.word_embeddings.weight"


def expectations(path, key):
    found = json.loads((DATA / path).read_text())[key]
    return {name: tensor for name, tensor in found.items()
            if isinstance(tensor, dict) and "sha256" in tensor}


PYTORCH = "models/torch_generated/"
CASES = {
    "pytorch/hf_zip_pytorch_model.bin": (
        numpy.float32, 256, expectations("pytorch/generated.json",
                                         PYTORCH + "hf_zip_pytorch_model.bin")),
    "deepspeed": (
        numpy.float16, 256, expectations("pytorch/generated.json", PYTORCH + "ds_ckpt/global_step160/"
                                         "mp_rank_00_model_states.pt")),
    "tensorflow/bert_model.ckpt": (
        numpy.float32, 16, expectations("tensorflow/bert_model.json", "tensors")),
}


class SafetensorsPackage(unittest.TestCase):
    def convert(self, checkpoint, *options):
        """What the package reads: name -> array, and the metadata."""
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "model.safetensors"
            subprocess.run([PROGRAM, "convert", DATA / checkpoint, out, *options], check=True,
                           capture_output=True)
            with safetensors.safe_open(out, framework="np") as file:
                metadata = file.metadata()
                arrays = {name: file.get_tensor(name) for name in file.keys()}
            for name, array in safetensors.numpy.load_file(out).items():
                numpy.testing.assert_array_equal(array, arrays[name])
        return arrays, metadata

    def assert_holds(self, arrays, dtype, expected):
        """The arrays are `expected` under HuggingFace's names, to the byte, and nothing else."""
        names = []
        for reference, tensor in expected.items():
            parts = huggingface_names(reference)
            if not parts:
                continue
            names += parts
            self.assertEqual({arrays[part].dtype for part in parts}, {numpy.dtype(dtype)})
            whole = numpy.concatenate([arrays[part] for part in parts])
            if reference.endswith("/kernel"):  # TensorFlow has inputs before outputs
                whole = whole.T
            with self.subTest(reference):
                self.assertEqual(list(whole.shape), tensor["shape"])
                self.assertEqual(hashlib.sha256(whole.tobytes()).hexdigest(), tensor["sha256"])
                for value, first in zip(whole.flat, tensor["first"]):
                    self.assertEqual(float(value), first)
        self.assertEqual(sorted(arrays), sorted(names))

    def test_it_finds_the_weights_of_every_format(self):
        for checkpoint, (dtype, _, expected) in CASES.items():
            with self.subTest(checkpoint):
                arrays, metadata = self.convert(checkpoint)
                self.assertEqual(metadata, {"format": "pt"})
                self.assert_holds(arrays, dtype, expected)

    def test_it_finds_the_rows_of_zeros_of_a_padded_vocabulary(self):
        for checkpoint, (dtype, rows, expected) in CASES.items():
            with self.subTest(checkpoint):
                arrays, _ = self.convert(checkpoint, "--pad_vocabulary")
                words = arrays[WORDS]
                self.assertEqual(len(words), rows)
                published, = (tensor["shape"][0] for name, tensor in expected.items()
                              if huggingface_names(name) == [WORDS])
                self.assertFalse(words[published:].any())
                self.assert_holds(arrays | {WORDS: words[:published]}, dtype, expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
