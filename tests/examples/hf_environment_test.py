"""scripts/hf_environment.sh leaves nothing behind that looks finished.

Neither packages nor the network are touched: a stand-in for dpkg-query says that every package is
there, and pip may not ask an index, so that the first wheel fails at once.
"""
import pathlib
import re
import subprocess
import tempfile
import unittest

from hf_cells import ROOT

SCRIPT = ROOT / "scripts/hf_environment.sh"


class HfEnvironment(unittest.TestCase):
    def test_one_that_could_not_be_made_is_removed(self):
        with tempfile.TemporaryDirectory() as folder:
            programs = pathlib.Path(folder) / "bin"
            programs.mkdir()
            (programs / "dpkg-query").write_text("#!/bin/sh\nprintf 'ii '\n")
            (programs / "dpkg-query").chmod(0o755)
            cache = pathlib.Path(folder) / "cache"
            (cache / "huggingface/bin").mkdir(parents=True)  # of a run that was killed
            environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": folder,
                           "BENCH_SWEEP_CACHE": str(cache), "PIP_NO_INDEX": "1"}
            done = subprocess.run([SCRIPT], env=environment, timeout=120, capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertIn("installing torch==2.11.0 transformers==", done.stderr)
            self.assertIn("hf_environment: error: could not install", done.stderr)
            self.assertEqual([path.name for path in cache.iterdir()], [".huggingface-lock"])

    def test_every_wheel_is_pinned_by_hash(self):
        for name in ("hf-requirements.txt", "hf-cuda-requirements.txt"):
            lines = (ROOT / "scripts" / name).read_text().splitlines()
            for line in lines:
                if not line.startswith("#"):
                    self.assertRegex(line, r"^[a-z0-9.-]+==\S+ --hash=sha256:[0-9a-f]{64}$")

    def test_torch_is_the_wheel_that_libtorch_comes_from(self):
        pin = re.compile(r"^torch==.*$", re.M)
        texts = [(ROOT / "scripts" / name).read_text()
                 for name in ("hf-requirements.txt", "libtorch-requirements.txt")]
        self.assertEqual(*(pin.search(text)[0] for text in texts))


if __name__ == "__main__":
    unittest.main()
