"""Both files of answers are, byte for byte, what run_squad.py writes: json.dumps(..., indent=4) and a
newline, by Python's own json, of what the reference programs answered.

Usage: decode_vectors_test.py DECODE_VECTORS SOURCE_DIR
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
RUNS = json.loads((SOURCE / "tests/squad/data/decode.json").read_text())["decode"]["runs"]


class DecodeVectors(unittest.TestCase):
    def test_both_files_equal_the_references_byte_for_byte(self):
        self.assertEqual(len(RUNS), 4)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, folder], check=True)
            for path in sorted(pathlib.Path(folder).iterdir()):
                number, compat, name, _ = path.name.split(".")
                run = RUNS[int(number)]
                with self.subTest(run=run["kind"], n_best_size=run["n_best_size"], compat=compat):
                    answers = run["nbest" if name == "nbest_predictions" else name]
                    expected = json.dumps(answers, indent=4) + "\n"
                    self.assertEqual(path.read_bytes(), expected.encode("ascii"))
                    if name == "predictions" and run["predictions_file_text"] is not None:
                        self.assertEqual(expected, run["predictions_file_text"])
            self.assertEqual(len(list(pathlib.Path(folder).iterdir())), 2 * 2 * len(RUNS))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
