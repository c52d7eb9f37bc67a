"""gpu.sh runs the parts that it is asked for, each within its time, and packs what came out."""

import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

from kernel_table_test import ROOT, document

SCRIPT = ROOT / "scripts/gpu.sh"

# Each notes its arguments in $LOG/NAME, then does what $NAME_DOES says, in bash.
FAKE = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$LOG/{name}"
eval "${{{variable}:-}}"
"""
SMI = """if [ "$1" = -L ]; then echo 'GPU 0: Fake'; else echo 'Driver Version: 1'; fi"""
# What bench_kernels measured, where it was told to put it.
KERNELS = """for word; do [[ $word = --benchmark_out=* ]] && cp "$LOG/kernels.json" "${word#*=}"; done; true"""
SWEEP = """[ "$1" = report ] || { mkdir -p "${!#}"; echo '{}' > "${!#}/records.jsonl"; }"""
HANGS = "exec sleep 60"


def variable(name: str) -> str:
    return name.upper().replace("-", "_") + "_DOES"


class Gpu(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        top = pathlib.Path(self.folder.name)
        self.log, self.path, self.build = top / "log", top / "path", top / "build"
        for folder in (self.log, self.path, self.build / "bin"):
            folder.mkdir(parents=True)
        (self.log / "kernels.json").write_text(json.dumps(document()))
        self.does = {"nvidia-smi": SMI, "bench_kernels": KERNELS, "bench_sweep": SWEEP}
        for name in ("nvidia-smi", "ctest", "compute-sanitizer"):
            self.fake(self.path / name)
        for name in ("kernels_layer_gpu_test", "bench_kernels", "bench_sweep"):
            self.fake(self.build / "bin" / name)

    def fake(self, file: pathlib.Path):
        file.write_text(FAKE.format(name=file.name, variable=variable(file.name)))
        file.chmod(0o755)

    def run_script(self, *parts: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [SCRIPT, self.build, *parts], capture_output=True, text=True, timeout=120,
            env={"PATH": f"{self.path}:/usr/bin:/bin", "LOG": str(self.log), "HOME": os.devnull,
                 **{variable(name): does for name, does in self.does.items()}, **environment})

    def calls(self, name: str) -> list[str]:
        file = self.log / name
        return file.read_text().splitlines() if file.exists() else []

    def packed(self) -> set[str]:
        with tarfile.open(self.build / "gpu.tar.gz") as archive:
            return {member.name.removeprefix("gpu/") for member in archive if member.isfile()}

    def test_runs_every_part_and_packs_what_came_out(self):
        result = self.run_script()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("-L gpu", self.calls("ctest")[0])
        self.assertEqual([call.split()[1] for call in self.calls("compute-sanitizer")],
                         ["memcheck", "racecheck", "synccheck"])
        self.assertIn("--device cuda", self.calls("bench_kernels")[0])
        self.assertIn("--benchmark_filter=^layer/|/bert-large/", self.calls("bench_kernels")[0])
        self.assertIn("sweeps/h100_80g.json --out", self.calls("bench_sweep")[0])
        self.assertIn("sweeps/h100_80g_largest.json --out", self.calls("bench_sweep")[1])
        self.assertEqual(self.packed(), {"gpus.txt", "nvidia-smi.txt", "memcheck.txt",
                                         "racecheck.txt", "synccheck.txt", "kernels.json",
                                         "kernels.md", "run/records.jsonl",
                                         "run_largest/records.jsonl"})
        self.assertIn("### bert-large, bf16", (self.build / "gpu/kernels.md").read_text())

    def test_runs_the_parts_that_are_named_alone(self):
        result = self.run_script("sweep", "tests", SWEEP="/some/sweep.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(self.calls("ctest")), 1)
        self.assertTrue(self.calls("bench_sweep")[0].startswith("/some/sweep.json --out"))
        self.assertEqual(self.calls("compute-sanitizer") + self.calls("bench_kernels"), [])

    def test_the_largest_micro_batches_are_of_the_sweep_that_is_named(self):
        sweep = ROOT / "sweeps/rtx4090_24g.json"
        self.assertEqual(self.run_script("largest", SWEEP=str(sweep)).returncode, 0)
        self.assertEqual(self.calls("bench_sweep"),
                         [f"{sweep.with_name('rtx4090_24g_largest.json')} --out "
                          f"{self.build.resolve()}/gpu/run_largest"])
        result = self.run_script("largest", SWEEP="/some/sweep.json")
        self.assertEqual(result.returncode, 0)
        self.assertIn("largest: left out, as there is no /some/sweep_largest.json", result.stderr)
        self.assertEqual(len(self.calls("bench_sweep")), 1)

    def test_other_kernels_come_without_the_table_that_they_are_no_lines_of(self):
        result = self.run_script("kernels", FILTER="gemm")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("--benchmark_filter=gemm ", self.calls("bench_kernels")[0])
        self.assertEqual(self.packed(), {"gpus.txt", "nvidia-smi.txt", "kernels.json"})
        self.assertIn("no table of FILTER=gemm", result.stderr)

    def test_goes_on_after_a_part_that_failed_and_says_which(self):
        self.does["ctest"] = "exit 8"
        self.does["bench_kernels"] = KERNELS + "; exit 1"
        result = self.run_script()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.splitlines()[-1], "gpu: error: failed: tests kernels")
        self.assertIn("run/records.jsonl", self.packed())
        self.assertNotIn("kernels.md", self.packed())
        self.assertNotIn("stopped", result.stderr)

    def test_the_memory_checker_sees_every_tensor_as_an_allocation_of_its_own(self):
        self.does["compute-sanitizer"] = 'echo "$PYTORCH_NO_CUDA_MEMORY_CACHING" >> "$LOG/uncached"'
        self.assertEqual(self.run_script("memcheck").returncode, 0)
        self.assertEqual(self.calls("uncached"), ["1"] * 3)

    def test_a_finding_of_the_memory_checker_is_a_failure(self):
        self.does["compute-sanitizer"] = '[ "$2" != racecheck ]'
        result = self.run_script("memcheck")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.splitlines()[-1], "gpu: error: failed: memcheck")

    def test_says_that_the_memory_checker_is_not_installed(self):
        (self.path / "compute-sanitizer").unlink()
        result = self.run_script("memcheck")
        self.assertEqual(result.returncode, 0)
        self.assertIn("memcheck: left out, as compute-sanitizer is not installed", result.stderr)
        self.assertEqual(self.packed(), {"gpus.txt", "nvidia-smi.txt"})

    def test_stops_a_part_that_takes_too_long_and_goes_on(self):
        self.does["ctest"] = HANGS
        result = self.run_script("tests", "kernels", PART_SECONDS="2")
        self.assertEqual(result.returncode, 1)
        self.assertIn("gpu: tests: stopped, as it did not end within 2 s", result.stderr)
        self.assertEqual(result.stderr.splitlines()[-1], "gpu: error: failed: tests")
        self.assertIn("kernels.md", self.packed())

    def test_the_time_is_that_of_a_part_and_not_of_each_of_its_commands(self):
        self.does["compute-sanitizer"] = f'[ "$2" = memcheck ] && sleep 2 || {HANGS}'
        result = self.run_script("memcheck", PART_SECONDS="3")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(self.calls("compute-sanitizer")), 2)
        self.assertIn("gpu: memcheck: stopped, as it did not end within 3 s", result.stderr)

    def test_reports_what_a_stopped_sweep_has_measured(self):
        self.does["bench_sweep"] = f'{SWEEP}; [ "$1" = report ] || {HANGS}'
        result = self.run_script("sweep", PART_SECONDS="1")
        self.assertEqual(result.returncode, 1)
        self.assertTrue(self.calls("bench_sweep")[1].startswith("report "))
        self.assertIn("run/records.jsonl", self.packed())

    def test_packs_nothing_of_an_earlier_run(self):
        self.run_script("kernels")
        self.run_script("tests")
        self.assertEqual(self.packed(), {"gpus.txt", "nvidia-smi.txt"})

    def test_ends_with_exit_status_6_without_a_gpu(self):
        self.does["nvidia-smi"] = "exit 9"
        result = self.run_script()
        self.assertEqual(result.returncode, 6)
        self.assertEqual(result.stderr, "gpu: error: no GPU: nvidia-smi finds none\n")
        self.assertFalse((self.build / "gpu.tar.gz").exists())
        (self.path / "nvidia-smi").unlink()
        self.assertEqual(self.run_script().returncode, 6)

    def test_refuses_what_it_cannot_do_before_it_does_anything(self):
        for parts, environment, word in ((("tests", "everything"), {}, '"everything"'),
                                         ((), {"PART_SECONDS": "soon"}, "PART_SECONDS=soon"),
                                         ((), {"PART_SECONDS": "0"}, "PART_SECONDS=0")):
            with self.subTest(word):
                result = self.run_script(*parts, **environment)
                self.assertEqual(result.returncode, 2)
                self.assertIn(word, result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1)
        (self.build / "bin/kernels_layer_gpu_test").unlink()
        result = self.run_script()
        self.assertEqual(result.returncode, 2)
        self.assertIn("make CUDA=1 build", result.stderr)
        self.assertEqual(self.calls("ctest"), [])


if __name__ == "__main__":
    unittest.main()
