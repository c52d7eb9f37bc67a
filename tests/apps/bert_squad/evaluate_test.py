"""`bert_squad evaluate` from outside: what it prints where, and how it exits.

Usage: evaluate_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DEV = str(SOURCE / "data/squad/dev-v1.1.rebuilt.json.xz")
KEY = {"version": "1.1", "data": [{"paragraphs": [{"qas": [
    {"id": "q1", "answers": [{"text": "Denver Broncos"}]},
    {"id": "q2", "answers": [{"text": "1856"}]}]}]}]}


class Evaluate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.key = self.write("key.json", json.dumps(KEY))

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_program(self, *arguments, **options):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, **options)

    def assert_refused(self, result, *parts):
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertTrue(result.stderr.startswith("bert_squad: "), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)

    def test_submitted_predictions_have_their_official_scores(self):
        result = self.run_program("evaluate", DEV, str(SOURCE / "data/squad/bert_ensemble.json.xz"))
        self.assertEqual(result.stdout,
                         '{"exact_match": 86.20624408703878, "f1": 92.19557978351145}\n')
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_unanswered_and_unknown_questions_are_named_beside_the_scores(self):
        predictions = self.write("p.json", '{"q2": "1856", "z": "x"}')
        result = self.run_program("evaluate", self.key, predictions)
        self.assertEqual((result.returncode, result.stdout),
                         (0, '{"exact_match": 50.0, "f1": 50.0}\n'))
        self.assertIn('question "q1" is unanswered', result.stderr)
        self.assertIn('the first "z"', result.stderr)

    def test_predictions_of_other_data_are_refused(self):
        self.assert_refused(self.run_program("evaluate", self.key, self.write("p.json", '{"z": ""}')),
                            "p.json", "key.json", "none of its 1 ids")

    def test_bad_files_are_one_line(self):
        good = self.write("good.json", '{"q1": "x"}')
        for content in ("", "[]", '{"q1": 5}', '{"q1": "a", "q1": "b"}', b'{"q1": "\xff"}',
                        '{"q1": "\\ud800"}', "[" * 100000):
            self.assert_refused(self.run_program("evaluate", self.key, self.write("p.json", content)),
                                "p.json")
        for content in ("", "{}", '{"data": []}', '{"data": [{"paragraphs": [{"qas": [{}]}]}]}',
                        b"\xfd7zXZ\0 cut"):
            self.assert_refused(self.run_program("evaluate", self.write("d.json", content), good),
                                "d.json")
        self.assert_refused(self.run_program("evaluate", self.folder + "/absent.json", good),
                            "absent.json")

    def test_bad_arguments_are_one_line(self):
        for arguments in ((), ("evaluate",), ("evaluate", self.key), ("nonsense",),
                          ("evaluate", self.key, self.key, "more"), ("evaluate", "--option")):
            self.assert_refused(self.run_program(*arguments), "bert_squad --help")

    def test_help_is_no_error(self):
        for arguments in (("--help",), ("evaluate", "--help")):
            result = self.run_program(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("evaluate", result.stdout)

    def test_a_full_disk_is_reported(self):
        predictions = self.write("p.json", '{"q1": "x", "q2": "x"}')
        with open("/dev/full", "w") as full:
            result = subprocess.run([PROGRAM, "evaluate", self.key, predictions], stdout=full,
                                    stderr=subprocess.PIPE, text=True)
        self.assertEqual((result.returncode, result.stderr),
                         (1, "bert_squad: cannot write to standard output\n"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
