"""The layering check finds what it is there to find."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/check_layering.py"


def check(files: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "docs").mkdir()
        table = (ROOT / "docs/architecture.md").read_text()
        (root / "docs/architecture.md").write_text(table)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True)
        return done.returncode, done.stdout


class CheckLayering(unittest.TestCase):
    def test_allowed_includes_pass(self):
        code, _ = check({"harness/cli/a.cpp": '#include "harness/launch/b.h"\n#include <vector>\n'})
        self.assertEqual(code, 0)

    def test_upward_include_is_named(self):
        code, output = check({"harness/protocol/a.h": '#include "harness/cli/b.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("harness/protocol/a.h", output)
        self.assertIn("harness/cli", output)

    def test_torch_in_the_driver_is_found(self):
        code, output = check({"harness/plan/a.cpp": "#include <ATen/ATen.h>\n"})
        self.assertEqual(code, 1)
        self.assertIn("torch", output)

    def test_operators_do_not_know_each_other(self):
        code, _ = check({"kernels/bias_gelu/a.cpp": '#include "kernels/layer_norm/layer_norm.h"\n'})
        self.assertEqual(code, 1)

    def test_baseline_and_kernels_do_not_know_each_other(self):
        self.assertEqual(check({"baseline/a.cpp": '#include "kernels/core/gelu.h"\n'})[0], 1)
        self.assertEqual(check({"kernels/layer/a.cpp": '#include "baseline/b.h"\n'})[0], 1)

    def test_a_header_directly_in_a_folder_of_parts_is_a_part(self):
        header = {"harness/harness_error.h": "#pragma once\n"}
        include = '#include "harness/harness_error.h"\n'
        self.assertEqual(check({**header, "harness/store/a.cpp": include})[0], 0)
        code, output = check({**header, "model/a.cpp": include})
        self.assertEqual(code, 1)
        self.assertIn("model may not include harness", output)
        code, output = check({"squad/squad_error.h": '#include "squad/text/tokenizer.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("squad may not include squad/text", output)

    def test_a_file_without_a_row_is_found(self):
        code, output = check({"harness/novel/a.h": "#pragma once\n"})
        self.assertEqual(code, 1)
        self.assertIn("harness/novel/a.h: no row", output)
        code, output = check({"novel/a.h": "#pragma once\n", "model/a.cpp": '#include "novel/a.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn('includes "novel/a.h", which no row', output)


if __name__ == "__main__":
    unittest.main()
