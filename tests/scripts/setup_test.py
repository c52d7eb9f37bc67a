"""scripts/setup.sh leaves no download behind, and says what CUDA=1 lacks before it installs anything.

Neither packages nor the network are touched: a stand-in for dpkg-query says that every package is
there, and pip may not ask an index, so that the download of LibTorch fails at once.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.cache = self.root / "cache"
        self.program("bin/dpkg-query", "printf 'ii '")
        self.program("bin/ldconfig", "cat $HOME/libraries 2> /dev/null")

    def program(self, name: str, does: str):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{does}\n")
        file.chmod(0o755)

    def set_up(self, **environment: str) -> subprocess.CompletedProcess:
        path = f"{self.root}/bin:{self.root}/toolkit/bin:{os.environ['PATH']}"
        return subprocess.run([ROOT / "scripts/setup.sh"], timeout=120, capture_output=True, text=True,
                              env={"PATH": path, "HOME": str(self.root), "PIP_NO_INDEX": "1",
                                   "BENCH_SWEEP_CACHE": str(self.cache), **environment})

    def test_a_failed_download_and_one_that_was_killed_before_are_removed(self):
        (self.cache / "partial.killed/wheels").mkdir(parents=True)
        done = self.set_up()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("setup: error: could not download LibTorch", done.stderr)
        self.assertEqual([path.name for path in self.cache.iterdir()], [".lock"])

    def assert_lacks(self, word: str, **environment: str):
        done = self.set_up(CUDA="1", **environment)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(f"setup: error: CUDA=1 needs {word}", done.stderr)
        self.assertFalse(self.cache.exists())

    def test_cuda_needs_nccl_and_cudnn_beside_the_toolkit(self):
        self.program("toolkit/bin/nvcc", "true")
        self.assert_lacks("NCCL 2")
        libraries = self.root / "toolkit/lib64"
        libraries.mkdir()
        (libraries / "libnccl.so").touch()
        self.assert_lacks("cuDNN 9")
        (libraries / "libcudnn.so.9").touch()
        self.assertIn("could not download LibTorch", self.set_up(CUDA="1").stderr)

    def test_cudas_libraries_may_be_the_loaders_or_the_environments(self):
        self.program("toolkit/bin/nvcc", "true")
        (self.root / "libraries").write_text("\tlibnccl.so (libc6,x86-64) => /x/libnccl.so\n"
                                             "\tlibcudnn.so.90 (libc6,x86-64) => /x/libcudnn.so.90\n")
        elsewhere = self.root / "elsewhere"
        elsewhere.mkdir()
        self.assert_lacks("cuDNN 9", LD_LIBRARY_PATH=f"/nowhere:{elsewhere}")
        (elsewhere / "libcudnn.so.9").touch()
        self.assertIn("could not download LibTorch",
                      self.set_up(CUDA="1", LD_LIBRARY_PATH=f"/nowhere:{elsewhere}").stderr)


if __name__ == "__main__":
    unittest.main()
