"""What `bert_squad train` says of its progress: lines into a file, a bar on a terminal.

Usage: progress_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CONFIG = {"train_batch_size": 6, "steps_per_print": 3, "gradient_clipping": 1.0,
          "optimizer": {"type": "Adam", "params": {"lr": 1e-3}}}
NUMBERS = r"lr (\S+)  \d+\.\d\d samples/s  \d+:\d\d left"
LINE = rf"\[(\d+)/8\] loss (\d+\.\d{{4}}) \(average (\d+\.\d{{4}})\)  {NUMBERS}"
BREAKDOWN = r"  forward \d+\.\d ms, backward \d+\.\d ms, update \d+\.\d ms"
CLEARED = "\r\x1b[K"


class Progress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def command(self, **changes):
        """Eight steps."""
        (self.folder / "engine.json").write_text(json.dumps({**CONFIG, **changes}))
        return [PROGRAM, "train", "--train_file",
                tiny_model.write_questions(self.folder / "q.json", 12), "--model_file",
                tiny_model.write_model(self.folder / "model", SOURCE), "--output_dir",
                self.folder / "out", "--do_lower_case", "--num_train_epochs", "4",
                "--deepspeed_config", self.folder / "engine.json"]

    def lines(self, **changes):
        result = subprocess.run(self.command(**changes), capture_output=True, text=True, check=True)
        return [line for line in result.stderr.splitlines() if line.startswith("[")]

    def on_a_terminal(self, **changes):
        """All that a terminal is sent, standard output and error together."""
        leader, follower = pty.openpty()
        with subprocess.Popen(self.command(**changes), stdout=follower, stderr=follower) as process:
            os.close(follower)
            sent = b""
            while True:
                try:
                    part = os.read(leader, 65536)
                except OSError:  # the program's end has gone
                    break
                if not part:
                    break
                sent += part
        os.close(leader)
        self.assertEqual(process.returncode, 0, sent)
        return sent.decode()

    def test_lines_have_the_numbers_of_the_loss_curve(self):
        matches = [re.fullmatch(LINE, line) for line in self.lines()]
        self.assertTrue(all(matches))
        self.assertEqual([match[1] for match in matches], ["3", "6", "8"])
        rows = (self.folder / "out/loss_curve.csv").read_text().splitlines()[1:]
        for match in matches:
            _, loss, average, rate, _ = rows[int(match[1]) - 1].split(",")
            self.assertEqual(match[2], f"{float(loss):.4f}")
            self.assertEqual(match[3], f"{float(average):.4f}")
            self.assertEqual(float(match[4]), float(f"{float(rate):.3g}"))
        self.assertIn("0:00 left", matches[-1][0])

    def test_a_breakdown_is_beside_the_numbers(self):
        lines = self.lines(wall_clock_breakdown=True)
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertRegex(line, f"^{LINE}{BREAKDOWN}$")

    def test_a_terminal_has_a_bar_that_gives_way_to_the_last_line(self):
        sent = self.on_a_terminal()
        drawn = re.findall(rf"\[([#.]{{10}})\] (\d)/8  loss \d+\.\d{{4}}  {NUMBERS}", sent)
        self.assertEqual([(bar.count("#"), step) for bar, step, _ in drawn],
                         [(10 * step // 8, str(step)) for step in range(1, 9)])
        self.assertIn(CLEARED + "8 of 8 steps, loss", sent)
        self.assertNotRegex(sent, LINE)

    def test_a_breakdown_stays_on_a_terminal(self):
        sent = self.on_a_terminal(wall_clock_breakdown=True)
        self.assertEqual(len(re.findall(re.escape(CLEARED) + LINE + BREAKDOWN + "\r\n", sent)), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
