"""Installs a build into an empty folder, and packs it as a .deb, and uses both from elsewhere, as
`make install` and `make deb` do.

Usage: install_test.py BUILD_DIR with_libtorch|without_libtorch
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "tests/apps/bert_squad"))
import tiny_model

BUILD = os.path.realpath(sys.argv.pop(1))
WITH_LIBTORCH = sys.argv.pop(1) == "with_libtorch"


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.prefix = cls.folder.name
        run("cmake", "--install", BUILD, "--prefix", cls.prefix, check=True)
        # What is installed must not need where it was.
        cls.moved = cls.prefix + ".moved"
        os.rename(cls.prefix, cls.moved)

    @classmethod
    def tearDownClass(cls):
        os.rename(cls.moved, cls.prefix)
        cls.folder.cleanup()

    def path(self, *parts):
        return os.path.join(self.moved, *parts)

    def test_everything_is_in_its_place(self):
        for file in ("share/bench_sweep/sweeps/quickstart.json",
                     "share/bench_sweep/sweeps/data/squad_train_384_512.safetensors",
                     "share/bench_sweep/examples/hf_bert/gate.py",
                     "share/bench_sweep/scripts/hf-requirements.txt",
                     "share/bash-completion/completions/bench_sweep",
                     "share/zsh/vendor-completions/_bench_sweep", "share/man/man1/bench_sweep.1",
                     "share/doc/bench_sweep/docs/sweep.schema.json",
                     "share/doc/bench_sweep/copyright"):
            self.assertGreater(os.path.getsize(self.path(file)), 0, file)

    def test_programs_run(self):
        for program in ("bench_sweep", "bert_squad"):
            result = run(self.path("bin", program), "--help")
            self.assertEqual((result.returncode, result.stderr), (0, ""), program)

    def test_a_simulated_sweep_runs(self):
        result = run(self.path("bin", "bench_sweep"), "--out", os.path.join(self.moved, "run"),
                     self.path("share/bench_sweep/sweeps/simulated_slowdown.json"))
        self.assertEqual(result.returncode, 0, result.stderr)

    @unittest.skipUnless(WITH_LIBTORCH, "training needs LibTorch")
    def test_a_training_needs_nothing_of_where_it_was_built(self):
        folder = pathlib.Path(self.moved, "training")
        folder.mkdir()
        tiny_model.write_model(folder / "model", SOURCE)
        tiny_model.write_questions(folder / "q.json", 3)
        result = run(self.path("bin", "bert_squad"), "train", "--train_file", "q.json",
                     "--model_file", "model", "--output_dir", "out", "--do_lower_case",
                     "--precision", "fp32", "--max_steps", "1", cwd=folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("| batch | 24 = micro-batch 3 x 8 accumulated |",
                      (folder / "out/report.md").read_text())

    def test_a_foreign_worker_of_a_sweep_is_found(self):
        worker = self.path("share/bench_sweep/examples/hf_worker.py")
        result = run("python3", worker, "--plan", input="[]\n")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn('"plans": []', result.stdout)

    def test_no_program_looks_into_the_build(self):
        for program in os.listdir(self.path("bin")):
            dynamic = run("readelf", "-d", self.path("bin", program), check=True).stdout
            for line in dynamic.splitlines():
                if "RUNPATH" in line or "RPATH" in line:
                    self.assertRegex(line, r"\[\$ORIGIN/[^:\]]*\]", program)

    def test_the_worker_is_there_where_libtorch_is_and_uses_the_installed_one(self):
        self.assertEqual(os.path.exists(self.path("bin", "bench_worker")), WITH_LIBTORCH)
        if not WITH_LIBTORCH:
            return
        result = run(self.path("bin", "bench_sweep"), "doctor")
        self.assertIn(result.returncode, (0, 1), result.stdout)
        self.assertRegex(result.stdout, "ok +LibTorch +" + self.moved)
        listed = run(self.path("bin", "bench_sweep"), "list",
                     self.path("share/bench_sweep/sweeps/quickstart.json"))
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("fused minilm-l6 mb 6 fp32", listed.stdout)


class Package(unittest.TestCase):
    def test_the_deb_holds_what_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            packed = run("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-G", "DEB",
                         "-B", folder)
            self.assertEqual(packed.returncode, 0, packed.stdout + packed.stderr)
            (package,) = pathlib.Path(folder).glob("*.deb")
            fields = run("dpkg-deb", "--field", package, "Package", "Depends", check=True).stdout
            self.assertIn("Package: bench-sweep\n", fields)
            self.assertIn("libc6", fields)
            root = pathlib.Path(folder, "root")
            run("dpkg-deb", "--extract", package, root, check=True)
            (program,) = root.glob("usr/**/bin/bench_sweep")
            (sweep,) = root.glob("usr/**/sweeps/simulated_slowdown.json")
            planned = run(program, "plan", sweep, "--out", root / "plan")
            self.assertEqual(planned.returncode, 0, planned.stderr)
            self.assertTrue((root / "plan/memory.csv").exists())


unittest.main()
