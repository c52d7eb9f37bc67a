"""Google Benchmark's own compare.py reads google_benchmark.json of a stored run that has cells out of
memory, and its geometric mean over all cells is right.

Usage: compare_py_test.py BENCH_SWEEP RUN_DIR SETUP_SH
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BENCH_SWEEP, STORED_RUN, SETUP_SH = map(pathlib.Path, sys.argv[1:])
COMPARE = "/usr/share/benchmark/compare.py"  # Debian's libbenchmark-tools


def compare(before, after):
    """The rows of compare.py, by name."""
    scipy = subprocess.run([SETUP_SH, "--print-test-packages"], check=True, capture_output=True,
                           text=True)
    done = subprocess.run(["/usr/bin/python3", COMPARE, "--no-color", "benchmarks", before, after],
                          env=os.environ | {"PYTHONPATH": scipy.stdout.strip()},
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"compare.py failed: {done.stderr[-2000:]}")
    rows = {}
    for line in done.stdout.splitlines():
        fields = line.split()
        if len(fields) > 1 and fields[1][0] in "+-":
            rows.setdefault(fields[0], []).append(float(fields[1]))
    return rows


class ComparePy(unittest.TestCase):
    def test_reads_a_run_with_cells_out_of_memory_and_finds_ten_percent(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for name in ("run.json", "records.jsonl"):
                shutil.copy(STORED_RUN / name, folder)
            subprocess.run([BENCH_SWEEP, "report", folder], check=True, capture_output=True)
            with open(folder / "memory.csv", newline="") as file:
                cells = list(csv.DictReader(file))
            document = json.loads((folder / "google_benchmark.json").read_text())
            for row in document["benchmarks"]:
                row["real_time"] *= 1.1
                row["cpu_time"] *= 1.1
            slower = folder / "slower.json"
            slower.write_text(json.dumps(document))
            rows = compare(folder / "google_benchmark.json", slower)
        self.assertTrue(any(cell["status"] == "out_of_memory" for cell in cells))
        passed = [f"{cell['implementation']}/flags:{cell['flags']}/micro_batch:{cell['micro_batch']}"
                  for cell in cells if cell["status"] == "passed"]
        self.assertEqual(rows.pop("OVERALL_GEOMEAN"), [0.1])
        self.assertEqual(sorted(rows), sorted(f"{name}/real_time" for name in passed))
        for name, changes in rows.items():
            self.assertEqual(changes, [0.1] * len(changes), name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
