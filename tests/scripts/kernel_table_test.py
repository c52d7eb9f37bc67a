"""kernel_table.py turns bench_kernels' JSON into tables, and says what is missing."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/kernel_table.py"
CONTEXT = {"cpu": "Some CPU", "threads": "2", "kernel_simd": "AVX3", "libtorch": "2.11.0",
           "peak_fp32": "200.0 GFLOP/s (vfmadd231ps zmm)",
           "peak_bf16": "400.0 GFLOP/s (vdpbf16ps zmm)",
           "copy_in_memory": "40.0 GB/s read and written", "date": "2026-01-02T03:04:05+00:00"}
GPU_CONTEXT = {"cpu": "Some CPU", "gpu": "Some GPU, compute capability 9.0, 132 multiprocessors",
               "driver": "13.0", "cuda": "13.0", "libtorch": "2.11.0", "l2_flush": "yes",
               "peak_fp32": "200.0 GFLOP/s (multiply-adds in registers)",
               "peak_fp16": "400.0 GFLOP/s (a product)", "peak_bf16": "400.0 GFLOP/s (a product)",
               "copy_in_memory": "40.0 GB/s read and written", "date": "2026-01-02T03:04:05+00:00"}
PEAK = {"fp32": 200e9, "fp16": 400e9, "bf16": 400e9}
DENSE = [f"gemm/{product}/{direction}"
         for product in ("qkv", "attention_output", "ffn1", "ffn2")
         for direction in ("forward", "input_gradient", "weight_gradient")]
PRODUCTS = ["gemm/scores/forward", "gemm/scores/query_gradient", "gemm/scores/key_gradient",
            "gemm/context/forward", "gemm/context/probability_gradient",
            "gemm/context/value_gradient"]
FLASH = ["flash_attention/forward", "flash_attention/backward"]
PADDED = ["fused", "fused+flash_attention", "pytorch_eager", "pytorch_tuned", "peak"]
PACKED = ["fused+remove_padding", "fused+flash_attention+remove_padding"]


def entries(name: str, ms: float, counters: dict) -> list[dict]:
    common = {"run_name": f"{name}/real_time", "run_type": "aggregate", "repetitions": 5,
              "time_unit": "us"}
    return [{**common, "aggregate_name": "median", "real_time": ms * 1e3, **counters},
            {**common, "aggregate_name": "cv", "real_time": 0.012,
             **{key: 0.02 for key in counters}}]


def product(name: str, precision: str, ms: float, share: float) -> list[dict]:
    return entries(name, ms, {"FLOP/s": share * PEAK[precision], "share": share})


def document(precisions: tuple[str, ...] = ("fp32", "bf16"), context: dict = CONTEXT) -> dict:
    """A layer of 100 ms (with flash attention 80): 60 in dense products at 90 % of the peak, 20 in
    attention's at 50 %, 10 with flash attention."""
    benchmarks = []
    for precision in precisions:
        where = f"{precision}/bert-large"
        for name in DENSE:
            benchmarks += product(f"{name}/{where}/fused", precision, 5, 0.9)
            benchmarks += product(f"{name}/{where}/torch", precision, 10, 0.45)
        for name in PRODUCTS:
            benchmarks += product(f"{name}/{where}/fused", precision, 20 / 6, 0.5)
            benchmarks += product(f"{name}/{where}/torch", precision, 20 / 6, 0.5)
        for name in FLASH:
            benchmarks += product(f"{name}/{where}/fused", precision, 5, 0.7)
            benchmarks += product(f"{name}/{where}/torch", precision, 25, 0.14)
        for line, ms in (("fused", 0.25), ("torch", 2.5)):
            benchmarks += entries(f"dropout_bits/generate/{where}/{line}", ms,
                                  {"ns/element": ms / 2})
            benchmarks += entries(f"layer_norm/forward/{where}/{line}", ms,
                                  {"bytes/s": 30e9, "share": 0.75})
        for model in ("bert-large", "bert-base", "minilm-l6"):
            for subject, lines in (("full", PADDED), ("windows", PADDED + PACKED)):
                for line in lines:
                    ms = {"fused": 100, "fused+flash_attention": 80, "pytorch_eager": 150,
                          "pytorch_tuned": 140, "peak": 64}.get(line, 40)
                    share = 64 / ms if ms >= 64 else 0.7
                    if line == "peak" and model == "bert-base":
                        share = 0.98
                    benchmarks += product(f"layer/{subject}/{precision}/{model}/{line}", precision,
                                          ms, share)
    return {"context": context, "benchmarks": benchmarks}


def gpu_document() -> dict:
    """As bench_kernels --device cuda writes it: another suffix, no generator, fp16."""
    wanted = document(("fp32", "fp16", "bf16"), GPU_CONTEXT)
    wanted["benchmarks"] = [
        {**entry, "run_name": entry["run_name"].replace("/real_time", "/manual_time")}
        for entry in wanted["benchmarks"] if not entry["run_name"].startswith("dropout_bits/")]
    return wanted


def run(text: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "bench.json"
        path.write_text(text)
        return subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True,
                              check=False)


class KernelTable(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = run(json.dumps(document()))
        assert done.returncode == 0, done.stderr
        cls.report = done.stdout

    def section(self, title: str) -> str:
        self.assertIn(title + "\n", self.report)
        return self.report.split(title + "\n")[1].split("\n#")[0]

    def test_machine(self):
        self.assertIn("| processor | Some CPU |", self.report)
        self.assertIn("| copy in memory | 40.0 GB/s read and written |", self.report)
        self.assertIn("Medians of 5 repetitions", self.report)
        self.assertIn("| fp32 peak again through the run | 98.0\u2013100.0 % |", self.report)

    def test_aim(self):
        section = self.section("## A padded BERT-large layer beside its aim")
        self.assertIn("| fp32, fused | 64.0 | 82 | 90 |", section)
        self.assertIn("| bf16, fused+flash_attention | 80.0 | 82 | 90 |", section)

    def test_layer_beside_the_faster_of_the_baselines(self):
        section = self.section("### bert-base, bf16, every sequence of full length")
        self.assertIn("| fused | 100.0 | 1.2 | 256 | 64.0 | 1.40 |", section)
        self.assertIn("| pytorch_eager | 150.0 | 1.2 | 171 | 42.7 | 0.93 |", section)
        self.assertNotIn("remove_padding", section)
        self.assertNotIn("| peak |", section)

    def test_packed_layer(self):
        section = self.section("### minilm-l6, fp32, lengths of SQuAD's windows")
        self.assertIn("| fused+flash_attention+remove_padding | 40.0 | 1.2 | 140 | 70.0 | 3.50 |",
                      section)

    def test_parts_add_up_to_the_layer(self):
        section = self.section("### fp32, fused")
        self.assertIn("| its FLOPs at the machine's peak | 64.0 | 64.0 |", section)
        self.assertIn("| dense products, beyond that | 6.0 | 6.0 |", section)
        self.assertIn("| attention's products, beyond that | 10.0 | 10.0 |", section)
        self.assertIn("| everything else | 20.0 | 20.0 |", section)
        self.assertIn("| the layer | 100.0 | 100.0 |", section)

    def test_flash_attention_is_charged_with_the_flops_that_count(self):
        section = self.section("### bf16, fused+flash_attention")
        self.assertIn("| attention with its softmax and dropout, beyond that | 0.0 | 0.0 |",
                      section)
        self.assertIn("| everything else | 10.0 | 12.5 |", section)

    def test_operators_show_rate_and_share_of_both_sides(self):
        section = self.section("### fp32")
        self.assertIn("| `gemm/qkv/forward` | 5.000 | 1.2 | 180.0 GFLOP/s | 90.0 | 10.000 | 1.2 | "
                      "90.0 GFLOP/s | 45.0 | 2.00 |", section)
        self.assertIn("| `layer_norm/forward` | 0.250 | 1.2 | 30.0 GB/s | 75.0 | 2.500 | 1.2 | "
                      "30.0 GB/s | 75.0 | 10.00 |", section)
        self.assertIn("| `dropout_bits/generate` | 0.250 | 1.2 | 0.125 ns/element |  | 2.500 | 1.2 "
                      "| 1.250 ns/element |  | 10.00 |", section)
        self.assertNotIn("layer/full", section)

    def test_a_gpu_is_named_and_has_fp16_and_no_aim(self):
        done = run(json.dumps(gpu_document()))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| GPU | Some GPU, compute capability 9.0, 132 multiprocessors |", done.stdout)
        self.assertIn("| second-level cache flushed before each run | yes |", done.stdout)
        self.assertIn("| fp16 peak again through the run | 98.0\u2013100.0 % |", done.stdout)
        self.assertIn("### minilm-l6, fp16, lengths of SQuAD's windows\n", done.stdout)
        self.assertIn("### fp16, fused+flash_attention\n", done.stdout)
        self.assertNotIn("beside its aim", done.stdout)
        self.assertNotIn("make kernel-report", done.stdout)

    def test_a_gpu_without_bf16_has_no_tables_of_it(self):
        done = run(json.dumps({**gpu_document(), "benchmarks": [
            entry for entry in gpu_document()["benchmarks"] if "/bf16/" not in entry["run_name"]]}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("### bf16", done.stdout)

    def assert_refused(self, text: str, reason: str):
        done = run(text)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn(reason, done.stderr)

    def test_what_is_missing_is_named(self):
        wanted = document()
        wanted["benchmarks"] = [entry for entry in wanted["benchmarks"]
                                if not entry["run_name"].startswith("gemm/ffn1/forward/fp32")]
        self.assert_refused(json.dumps(wanted), "no line gemm/ffn1/forward/fp32/bert-large/fused")

    def test_a_run_without_repetitions_is_refused(self):
        wanted = document()
        for entry in wanted["benchmarks"]:
            del entry["aggregate_name"]
        self.assert_refused(json.dumps(wanted), "--benchmark_repetitions=5")

    def test_what_is_not_json_is_refused(self):
        self.assert_refused("nothing", "kernel_table: ")


if __name__ == "__main__":
    unittest.main()
