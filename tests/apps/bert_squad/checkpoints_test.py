"""`bert_squad inspect` and `convert` from outside: what they print and write, and how they exit.

Usage: checkpoints_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

import safetensors_file

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = SOURCE / "tests/checkpoint/data"


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)


class Checkpoints(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out.safetensors"

    def assert_refused(self, result, *parts):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)

    def test_inspect_lists_every_tensor_of_every_format(self):
        for path, form, tensors in (("pytorch/mixed_dtypes_views.pt", "PyTorch zip", 11),
                                    ("pytorch/allennlp_bert_xsmall.bin", "PyTorch legacy", 23),
                                    ("model.safetensors", "safetensors", 25),
                                    ("deepspeed", "PyTorch zip", 21),
                                    ("tensorflow/bert_model.ckpt", "TensorFlow bundle", 139)):
            result = run("inspect", DATA / path, "--check")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            lines = result.stdout.splitlines()
            self.assertIn(f": {form}, {tensors} tensors, ", lines[0])
            self.assertEqual(len(lines), 1 + tensors)
        self.assertIn("F32  [16, 4]          bert/embeddings/position_embeddings",
                      result.stdout.splitlines())

    def test_inspect_of_what_is_no_checkpoint(self):
        pointer = self.folder / "pytorch_model.bin"
        pointer.write_text("version https://git-lfs.github.com/spec/v1\n")
        self.assert_refused(run("inspect", pointer), "pytorch_model.bin", "git lfs pull")
        self.assert_refused(run("inspect", self.folder / "none"), "none", "No such file")

    def test_inspect_checks_the_bytes_on_request(self):
        content = bytearray((DATA / "pytorch/mixed_dtypes_views.pt").read_bytes())
        with_storage = content.index(struct.pack("<f", 3.5))
        content[with_storage] ^= 1
        damaged = self.folder / "damaged.pt"
        damaged.write_bytes(content)
        self.assertEqual(run("inspect", damaged).returncode, 0)
        result = run("inspect", damaged, "--check")
        self.assertEqual(result.returncode, 2)
        self.assertIn("damaged", result.stderr)

    def test_convert_gives_huggingface_names_and_the_same_bytes(self):
        result = run("convert", DATA / "pytorch/hf_zip_pytorch_model.bin", self.out)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        written, metadata = safetensors_file.read(self.out)
        expected, _ = safetensors_file.read(DATA / "model.safetensors")
        self.assertEqual(written, expected)
        self.assertEqual(metadata, {"format": "pt"})

    def test_convert_pads_the_vocabulary(self):
        self.assertEqual(run("convert", DATA / "model.safetensors", self.out,
                             "--pad_vocabulary").returncode, 0)
        padded = safetensors_file.read(self.out)[0]["bert.embeddings.word_embeddings.weight"]
        words = safetensors_file.read(DATA / "model.safetensors")[0][
            "bert.embeddings.word_embeddings.weight"]
        self.assertEqual((words[1], padded[1]), ([250, 20], [256, 20]))
        self.assertEqual(padded[2], words[2] + bytes(6 * 20 * 4))

    def test_convert_that_fails_leaves_nothing(self):
        self.assert_refused(run("convert", DATA / "mixed.safetensors", self.out),
                            "is a weight of BERT")
        self.assertEqual(os.listdir(self.folder), [])
        self.assert_refused(run("convert", DATA / "model.safetensors", self.folder / "no/x"),
                            "no/x")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
