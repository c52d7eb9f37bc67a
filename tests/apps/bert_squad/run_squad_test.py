"""scripts/run_squad.sh and run_squad_baseline.sh: from four arguments to scores.

Usage: run_squad_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import re
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

    def options_of(self, command):
        """Name -> whether it takes a value."""
        text = tiny_model.run(PROGRAM, command, "--help").stdout
        return {match[1]: bool(match[2]) for match in
                re.finditer(r"^ +(?:-\w,)?(--\w+)( [A-Z]\S*)?", text, re.MULTILINE)}

    def commands_run(self, *arguments):
        """Command -> its arguments, of a script that is given a program that only notes them."""
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        noting = self.folder / "noting"
        noting.write_text(f'#!/bin/sh\nmkdir -p "{self.folder}/out"\necho "$*" >> "{log}"\n')
        noting.chmod(0o755)
        result = self.run_script("run_squad.sh", 1, self.model, self.data, self.folder / "out",
                                 *arguments, BERT_SQUAD=str(noting))
        self.assertEqual(result.returncode, 0, result.stderr)
        return {line.split()[0]: line.split()[1:] for line in log.read_text().splitlines()}

    def test_every_option_goes_to_the_commands_that_it_is_meant_for(self):
        train, predict = self.options_of("train"), self.options_of("predict")
        self.assertIn("--max_seq_length", train)
        self.assertFalse(train["--deepspeed"])
        self.assertTrue(predict["--predict_batch_size"])
        own = {"--help", "--train_file", "--predict_file", "--model_file", "--output_dir"}
        checkpoint = {"--ckpt_type", "--origin_bert_config_file", "--pad_vocabulary",
                      "--vocab_file", "--seed"}
        for option, has_value in {**train, **predict}.items():
            if option in own:
                continue
            value = ["of_the_test"] if has_value else []
            for given in [[option, *value], *([[f"{option}=of_the_test"]] if has_value else [])]:
                with self.subTest(given):
                    run = self.commands_run(*given)
                    self.assertEqual(run["train"][-len(given):] == given, option in train)
                    self.assertEqual(run["predict"][-len(given):] == given,
                                     option in predict and option not in checkpoint)

    def test_options_that_both_commands_must_agree_in_reach_both(self):
        for script in ("run_squad.sh", "run_squad_baseline.sh"):
            with self.subTest(script):
                cache = self.folder / script
                result = self.run_script(script, 1, self.model, self.data,
                                         self.folder / f"{script}.out",
                                         "--max_seq_length", 128, "--doc_stride=64", "--cache_dir",
                                         cache, "--predict_batch_size", 2, "--deepspeed", PRECISION="fp32")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(len(list(cache.iterdir())), 2)
                for file in cache.iterdir():
                    self.assertIn(b"max_seq_length 128, doc_stride 64", file.read_bytes())

    def test_an_option_that_no_command_knows_is_refused(self):
        result = self.run_script("run_squad.sh", 1, self.model, self.data, self.folder / "out",
                                 "--max_seq_lenght", 128)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("--max_seq_lenght", result.stderr)

    def test_wrong_arguments_are_one_line(self):
        for arguments, part in (((), "usage"), ((0, self.model, self.data, "out"), "'0'"),
                                ((1, self.model, self.folder, "out"), "no train-v1.1*.json")):
            result = self.run_script("run_squad.sh", *arguments)
            self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")),
                             (2, "", 1), result.stderr)
            self.assertIn(part, result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
