"""speedup_tables.py keeps README.md and docs/performance.md as docs/results has them."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/speedup_tables.py"


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True,
                          check=False)


class SpeedupTables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "docs", self.root / "docs")
        shutil.copy(ROOT / "README.md", self.root)

    def results(self, sweep: str) -> pathlib.Path:
        return self.root / "docs/results" / f"{sweep}.speedup.csv"

    def test_pages_hold_what_the_results_say(self):
        done = run()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_result_measured_anew_shows_until_it_is_written(self):
        file = self.results("cpu_minilm")
        lines = file.read_text().splitlines()
        columns = lines[0].split(",")
        fields = lines[2].split(",")
        self.assertEqual(fields[columns.index("candidate")], "fused")
        fields[columns.index("speedup")] = "9.876"
        lines[2] = ",".join(fields)
        file.write_text("\n".join(lines) + "\n")
        stale = run("--root", str(self.root))
        self.assertEqual(stale.returncode, 1)
        self.assertEqual(len(stale.stderr.splitlines()), 2)
        self.assertEqual(run("--root", str(self.root), "--write").returncode, 0)
        self.assertIn("9.88", (self.root / "README.md").read_text())
        self.assertIn("9.88", (self.root / "docs/performance.md").read_text())
        self.assertEqual(run("--root", str(self.root)).returncode, 0)

    def test_what_is_missing_is_one_line(self):
        for break_it, named in (
                (lambda: (self.root / "README.md").write_text("no table\n"), "README.md"),
                (lambda: self.results("cpu_bert_base_layer").unlink(), "cpu_bert_base_layer"),
                (lambda: self.results("cpu_minilm").write_text(
                    "precision,micro_batch,candidate,candidate_flags,speedup\n"), "cpu_minilm")):
            self.setUp()
            break_it()
            done = run("--root", str(self.root), "--write")
            self.assertEqual(done.returncode, 2)
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertIn(named, done.stderr)


if __name__ == "__main__":
    unittest.main()
