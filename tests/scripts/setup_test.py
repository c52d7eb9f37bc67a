"""scripts/setup.sh leaves no download behind, whether it ended or was killed.

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
    def test_a_failed_download_and_one_that_was_killed_before_are_removed(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            programs = root / "bin"
            programs.mkdir()
            (programs / "dpkg-query").write_text("#!/bin/sh\nprintf 'ii '\n")
            (programs / "dpkg-query").chmod(0o755)
            cache = root / "cache"
            (cache / "partial.killed/wheels").mkdir(parents=True)
            environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder,
                           "BENCH_SWEEP_CACHE": str(cache), "PIP_NO_INDEX": "1"}
            done = subprocess.run([ROOT / "scripts/setup.sh"], env=environment, timeout=120,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("setup: error: could not download LibTorch", done.stderr)
            self.assertEqual([path.name for path in cache.iterdir()], [".lock"])


if __name__ == "__main__":
    unittest.main()
