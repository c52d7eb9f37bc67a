"""The table of a self-test says what its JSON says."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/self_test_table.py"


def time(verdict: str, ratio: float, low: float, high: float) -> dict:
    return {"verdict": verdict, "ratio": ratio, "interval": [low, high]}


def rate(count: int, of: int) -> dict:
    interval = [0.1, 0.9] if of else None
    return {"count": count, "of": of, "rate": count / of if of else None, "interval": interval}


GATE = {
    "verdict": "failed",
    "counts": {"failed": 1, "inconclusive": 0},
    "cells": [
        {"time": time("passed", 0.99, 0.98, 1.0), "first_time": None},
        {"time": time("failed", 1.07, 1.05, 1.09), "first_time": time("failed", 1.04, 1.01, 1.07)},
        {"time": None, "first_time": None},
    ],
}


def table(test: dict) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "selftest.json"
        path.write_text(json.dumps(test))
        done = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True,
                              check=True)
    return done.stdout.splitlines()


class SelfTestTable(unittest.TestCase):
    def setUp(self):
        rates = dict.fromkeys(("failed_gates", "false_alarms", "alarms", "inconclusive"), rate(1, 2))
        self.test = {**rates, "slower": rate(0, 0), "gates": [GATE, GATE]}

    def test_rates_stand_with_their_intervals(self):
        lines = table(self.test)
        self.assertIn("| gates that failed | 1 of 2 | 50.00 % | 10.00 % to 90.00 % |", lines)
        self.assertIn("| cells that were slower at first | 0 of 0 | | |", lines)

    def test_a_gate_is_a_row_of_first_measurements(self):
        # Changes -1 % and +4 %; intervals 2 % and 6 % wide.
        rows = table(self.test)[-2:]
        self.assertEqual(rows[0], "| 1 | 2 | -1.00 to +4.00 % | ±3.00 % | 1 | 1 | 0 | failed |")
        self.assertTrue(rows[1].startswith("| 2 | 2 |"))

    def test_needs_a_file(self):
        self.assertEqual(subprocess.run([sys.executable, SCRIPT], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()
