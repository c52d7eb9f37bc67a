"""Tests scripts/cuda_kernel_table.py with a program in nvcc's place that says what ptxas would."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts" / "cuda_kernel_table.py"

ARCHITECTURES = ("75", "80", "86", "89", "90a", "100", "120")

FAKE_NVCC = """#!/bin/sh
echo "$@" >> "$CALLS"
for architecture in $ARCHITECTURES; do
cat >&2 <<END
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_ZN7kernels6kernelILi8EEEvi' for 'sm_$architecture'
ptxas info    : Function properties for _ZN7kernels6kernelILi8EEEvi
    16 bytes stack frame, $SPILL bytes spill stores, 0 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers, 8192 bytes smem, 416 bytes cmem[0]
ptxas info    : Compiling entry function '_ZN7kernels26layer_norm_backward_kernelILi1ELi0EEEvi' for 'sm_$architecture'
ptxas info    : Function properties for _ZN7kernels26layer_norm_backward_kernelILi1ELi0EEEvi
    0 bytes stack frame, 0 bytes spill stores, $REASONED_SPILL bytes spill loads
ptxas info    : Used 12 registers, 416 bytes cmem[0]
END
done
exit $STATUS
"""


class CudaKernelTable(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.nvcc = self.path / "nvcc"
        self.nvcc.write_text(FAKE_NVCC)
        self.nvcc.chmod(0o755)

    def run_script(self, *options, spill=0, reasoned_spill=0, status=0,
                   architectures=ARCHITECTURES):
        environment = dict(os.environ, SPILL=str(spill), REASONED_SPILL=str(reasoned_spill),
                           STATUS=str(status), ARCHITECTURES=" ".join(architectures),
                           CALLS=str(self.path / "calls"))
        return subprocess.run(
            [sys.executable, SCRIPT, "--nvcc", self.nvcc, "--output", self.path / "kernels.md",
             *options], env=environment, capture_output=True, text=True, check=False)

    def calls(self):
        return (self.path / "calls").read_text().splitlines()

    def test_writes_registers_and_shared_memory_of_every_kernel(self):
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        page = (self.path / "kernels.md").read_text()
        self.assertIn("| `kernel<8>` | 8192 | 40 | 40 | 40 | 40 | 40 | 40 | 40 |", page)
        self.assertIn("| `layer_norm_backward_kernel<1, 0>` | 0 | 12 |", page)
        self.assertIn("## `kernels/bias_gelu/bias_gelu_cuda.cu`", page)

    def test_compiles_every_source_for_every_architecture(self):
        self.run_script()
        sources = len(list((ROOT / "kernels").rglob("*.cu")))
        self.assertEqual(len(self.calls()), sources)
        for architecture in ARCHITECTURES:
            self.assertEqual(sum(re.search(rf"\bsm_{architecture}\b", call) is not None
                                 for call in self.calls()), sources)

    def test_fails_where_an_architecture_is_missing(self):
        done = self.run_script(architectures=ARCHITECTURES[1:])
        self.assertEqual(done.returncode, 2)
        self.assertIn("not for every architecture", done.stderr)

    def test_fails_on_a_spill_without_a_reason(self):
        done = self.run_script(spill=24)
        self.assertEqual(done.returncode, 1)
        self.assertIn("kernel<8> spills 24 bytes on sm_90a", done.stdout)
        self.assertIn("40 (24 B spilled)", (self.path / "kernels.md").read_text())

    def test_fails_on_a_spill_that_is_larger_than_its_reason_allows(self):
        self.assertEqual(self.run_script(reasoned_spill=64).returncode, 0)
        done = self.run_script(reasoned_spill=68)
        self.assertEqual(done.returncode, 1)
        self.assertIn("layer_norm_backward_kernel<1, 0> spills 68 bytes on sm_75", done.stdout)

    def test_keeps_what_ptxas_said(self):
        for _ in range(2):
            done = self.run_script("--cache", self.path / "cache", "--only", "bias_gelu/")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.calls()), 1)
        self.assertFalse((self.path / "kernels.md").exists())

    def test_says_what_is_missing_or_fails(self):
        done = self.run_script(status=1)
        self.assertEqual(done.returncode, 2)
        self.assertIn("nvcc cannot compile", done.stderr)
        done = self.run_script("--only", "no such kernel")
        self.assertEqual(done.returncode, 2)
        self.nvcc.unlink()
        done = self.run_script()
        self.assertEqual(done.returncode, 2)
        self.assertIn("no nvcc", done.stderr)


if __name__ == "__main__":
    unittest.main()
