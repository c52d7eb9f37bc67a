"""measured_tables.py keeps README.md and docs/ as docs/results has them."""

import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/measured_tables.py"


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True,
                          check=False)


class MeasuredTables(unittest.TestCase):
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

    def change(self, name: str, old: str, new: str) -> None:
        file = self.root / "docs/results" / name
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1))

    def test_a_peer_and_a_micro_batch_measured_anew_show_too(self):
        self.change("compare_tpp.md", "142.9 (136.3–144.0) | 1.18", "142.9 (136.3–144.0) | 7.77")
        self.change("cpu_bert_large_16g.largest_micro_batch.md", "| pytorch_eager | none | 14 |",
                    "| pytorch_eager | none | 16 |")
        stale = run("--root", str(self.root))
        self.assertEqual(stale.returncode, 1)
        self.assertIn("docs/peers.md", stale.stderr)
        self.assertIn("docs/performance.md", stale.stderr)
        self.assertEqual(run("--root", str(self.root), "--write").returncode, 0)
        self.assertIn("| bf16, without padding | 7.77 (1.14–1.59) | 1.21",
                      (self.root / "docs/peers.md").read_text())
        # 40 / 16 and 64 / 16; 18 / 16 for pytorch_tuned.
        page = (self.root / "docs/performance.md").read_text()
        for row in ("| 40 | 2.50 (2.0) |", "| 64 | 4.00 (3.5) |", "| none | 18 | 1.12 | 1 |"):
            self.assertIn(row, page)

    def test_the_quickstart_and_the_rates_of_flags_show_too(self):
        rate = self.rate_of_fused("cpu_minilm", "bf16", "flash_attention")
        self.change("cpu_minilm.speedup.csv", rate, "7777.77")
        file = self.root / "docs/results/quickstart.md"
        row = next(line for line in file.read_text().splitlines() if line.startswith("| 6 |")
                   and "| fused |" in line)
        self.change("quickstart.md", row, row.replace("| none |", "| some+flags |"))
        self.assertEqual(run("--root", str(self.root)).returncode, 1)
        self.assertEqual(run("--root", str(self.root), "--write").returncode, 0)
        self.assertIn("| some + flags |", (self.root / "README.md").read_text())
        self.assertIn("| 7777.77 |", (self.root / "docs/flags.md").read_text())

    def rate_of_fused(self, sweep: str, precision: str, flags: str) -> str:
        rows = csv.DictReader(self.results(sweep).read_text().splitlines())
        return next(row["candidate_samples_per_second"] for row in rows
                    if (row["candidate"], row["precision"], row["candidate_flags"]) ==
                    ("fused", precision, flags))

    def store_huggingface(self, candidates: list[str]) -> None:
        """A result in which every candidate is twice as fast as hf_eager."""
        lines = ["precision,baseline,baseline_samples_per_second,baseline_peak_bytes,candidate,"
                 "candidate_flags,candidate_samples_per_second,candidate_peak_bytes,speedup,"
                 "speedup_low,speedup_high"]
        for precision in ("fp32", "bf16"):
            lines += [f"{precision},hf_eager,3,{2 << 20},{candidate},6,{1 << 20},2,1.9,2.1"
                      for candidate in candidates]
        self.results("cpu_minilm_vs_huggingface").write_text("\n".join(lines) + "\n")

    def test_the_table_beside_huggingface_stands_once_it_is_measured(self):
        result = self.results("cpu_minilm_vs_huggingface")
        result.unlink(missing_ok=True)
        self.assertEqual(run("--root", str(self.root), "--write").returncode, 0)
        self.assertIn("Not measured yet.", (self.root / "README.md").read_text())
        candidates = ["hf_compile,none", "hf_sdpa,none", "pytorch_tuned,none", "fused,none",
                      "fused,flash_attention+remove_padding"]
        self.store_huggingface(candidates)
        self.assertEqual(run("--root", str(self.root)).returncode, 1)
        self.assertEqual(run("--root", str(self.root), "--write").returncode, 0)
        page = (self.root / "README.md").read_text()
        for row in ("eager attention | 3.00 | 1 | 2 | 3.00 | 1 | 2 |",
                    "no flags | 6.00 | 2.00 (1.90–2.10) | 1 | 6.00 | 2.00 (1.90–2.10) | 1 |"):
            self.assertIn(row, page)
        self.store_huggingface(candidates[1:])
        done = run("--root", str(self.root))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no row of hf_compile, fp32, none", done.stderr)

    def test_what_is_missing_is_one_line(self):
        for break_it, named in (
                (lambda: (self.root / "README.md").write_text("no table\n"), "README.md"),
                (lambda: self.results("cpu_bert_base_layer").unlink(), "cpu_bert_base_layer"),
                (lambda: self.change("compare_tpp.md", "bf16, unpadded", "bf16, cut"),
                 "compare_tpp.md"),
                (lambda: self.change("cpu_bert_large_16g.largest_micro_batch.md",
                                     "| fused | normalize", "| other | normalize"),
                 "largest_micro_batch.md"),
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
