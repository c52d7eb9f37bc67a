"""tune_against_grid.py on a simulated device: the tuner's answer against the whole grid."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/tune_against_grid.py"
BENCH_SWEEP = sys.argv.pop(1)


def implementation(base: str, sequence: str) -> dict:
    return {"time": {"base": base, "sequence": sequence},
            "memory": {"base": "100 MiB", "sequence": "10 MiB"}}


SWEEP = {
    "name": "simulated",
    "device": {"kind": "simulated", "simulated": {
        "implementations": {"pytorch_eager": implementation("9 ms", "6 ms"),
                            "fused": implementation("6 ms", "3 ms")},
        "flags": {"gelu_checkpoint": {"time_percent": 3, "frees_percent": 10}},
        "noise": {"round": 0.01, "step": 0.01}}},
    "model": {"preset": "minilm-l6"},
    "data": {"source": "windows",
             "file": str(ROOT / "sweeps/data/squad_train_384_512.safetensors")},
    "axes": {"implementation": ["pytorch_eager", "fused"],
             "micro_batch": [1, 2, 3, 4, 6, 8, 12, 24],
             "flags": [[], ["gelu_checkpoint"]]},
    "global_batch": 24,
    "measure": {"rounds": 6, "warmup_steps": 0, "steps": 3},
}


def run_script(folder: pathlib.Path, sweep: dict, *options: str) -> subprocess.CompletedProcess:
    file = folder / "sweep.json"
    file.write_text(json.dumps(sweep))
    return subprocess.run([sys.executable, SCRIPT, file, "--bench-sweep", BENCH_SWEEP, *options],
                          capture_output=True, text=True, check=False)


class TuneAgainstGrid(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.done = run_script(cls.folder, SWEEP, "--out", str(cls.folder / "out"))

    def run_again(self) -> subprocess.CompletedProcess:
        """What is there is not run again."""
        return run_script(self.folder, SWEEP, "--out", str(self.folder / "out"))

    def test_the_tuner_finds_the_best_with_a_quarter_of_the_launches(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout + self.done.stderr)
        grid, tuner = self.done.stdout.splitlines()[2:4]
        self.assertRegex(grid, r"^\| grid \| 24 \| 144 \| [0-9.]+ min \| fused, adamw \| none \| 24 ")
        self.assertRegex(tuner, r"^\| tuner \| [0-9]+ \| [0-9]+ \| [0-9.]+ min \| fused, adamw \| ")
        self.assertIn("The tuner took", self.done.stdout)
        self.assertRegex(self.done.stdout,
                         r"The intervals of [1-9][0-9]* of the 24 cells that passed overlap")
        again = self.run_again()
        self.assertEqual(again.returncode, 0)
        self.assertIn("| grid | 24 | 144 |  |", again.stdout)

    def test_an_answer_that_the_grid_proves_slower_fails(self):
        tuning = self.folder / "out/tune/tuning.json"
        found = tuning.read_text()
        self.addCleanup(tuning.write_text, found)
        result = json.loads(found)
        result["ranking"][0].update(implementation="fused", flags=[], micro_batch=1)
        tuning.write_text(json.dumps(result))
        done = self.run_again()
        self.assertEqual(done.returncode, 1)
        self.assertIn("their intervals do not overlap", done.stdout)

    def test_a_grid_of_other_cells_than_the_tuner_s_is_refused(self):
        for sizes in ([5, 12], {"from": 1, "to": 24}):
            sweep = {**SWEEP, "axes": {**SWEEP["axes"], "micro_batch": sizes}}
            done = run_script(self.folder, sweep)
            self.assertEqual(done.returncode, 1)
            self.assertIn("/axes/micro_batch: list micro-batches that divide", done.stderr)


if __name__ == "__main__":
    unittest.main()
