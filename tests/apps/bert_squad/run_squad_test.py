"""scripts/run_squad.sh and run_squad_baseline.sh: from four arguments to scores.

Usage: run_squad_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


class RunSquad(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = tiny_model.write_model(self.folder / "model", SOURCE)
        self.data = self.folder / "data"
        self.data.mkdir()
        tiny_model.write_questions(self.data / "train-v1.1.json", 12)
        tiny_model.write_questions(self.data / "dev-v1.1.json", 5)

    def run_script(self, name, *arguments, **environment):
        return tiny_model.run(SOURCE / "scripts" / name, *arguments,
                              env={**os.environ, "BERT_SQUAD": PROGRAM, **environment})

    def assert_scored(self, result, out, implementation):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(json.loads((out / "predictions.json").read_text())), 5)
        scores = json.loads((out / "scores.json").read_text())
        self.assertEqual(set(scores), {"exact_match", "f1"})
        self.assertIn(f"| implementation | {implementation}", (out / "report.md").read_text())

    def test_four_arguments_lead_to_scores(self):
        for processes, script, implementation in ((1, "run_squad.sh", "fused"),
                                                  (2, "run_squad.sh", "fused"),
                                                  (1, "run_squad_baseline.sh", "pytorch_eager")):
            with self.subTest(script=script, processes=processes):
                out = self.folder / f"{implementation}{processes}"
                self.assert_scored(self.run_script(script, processes, self.model, self.data, out),
                                   out, implementation)

    def test_further_options_come_last_and_flags_reach_both_programs(self):
        out = self.folder / "out"
        result = self.run_script("run_squad.sh", 1, self.model, self.data, out, "--seed", 7,
                                 "--num_train_epochs", 4, FLAGS="remove_padding", PRECISION="fp32")
        self.assert_scored(result, out, "fused with remove_padding")
        report = (out / "report.md").read_text()
        for part in ("| seed | 7 |", "| epochs | 4 |", "| precision | fp32 |"):
            self.assertIn(part, report)

    def test_wrong_arguments_are_one_line(self):
        for arguments, part in (((), "usage"), ((0, self.model, self.data, "out"), "'0'"),
                                ((1, self.model, self.folder, "out"), "no train-v1.1*.json")):
            result = self.run_script("run_squad.sh", *arguments)
            self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")),
                             (2, "", 1), result.stderr)
            self.assertIn(part, result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
