"""Runs every line of bench_kernels at minilm-l6 and a short sequence for as short as it goes.

Usage: bench_kernels_test.py BENCH_KERNELS SOURCE_DIR

The run compares each fused operator with LibTorch's, so exit status 0 says that all agree. The
output must hold every operator of kernels/, each beside LibTorch and its ceiling.
"""
import json
import pathlib
import subprocess
import sys

NOT_OPERATORS = {"core", "layer", "optimizer", "tensor"}
CEILINGS = {"gemm": "peak", "flash_attention": "peak", "layer": "peak", "dropout_bits": None}
LIBTORCH_LAYERS = {"pytorch_eager", "pytorch_tuned"}
PADDED_LAYERS = {"fused", "fused+flash_attention"} | LIBTORCH_LAYERS
LINES = {"layer/full": PADDED_LAYERS,
         "layer/windows": PADDED_LAYERS | {"fused+remove_padding",
                                           "fused+flash_attention+remove_padding"}}


def run(program: str, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, *options], capture_output=True, text=True, check=False)


def check(condition: bool, what: str) -> None:
    if not condition:
        sys.exit(f"bench_kernels_test: {what}")


def lines_by_case(benchmarks: list[dict]) -> dict[str, dict[str, dict]]:
    """Cases "operator/direction/precision/model", each with its lines by name."""
    cases: dict[str, dict[str, dict]] = {}
    for entry in benchmarks:
        case, line = entry["name"].removesuffix("/real_time").rsplit("/", 1)
        cases.setdefault(case, {})[line] = entry
    return cases


def check_case(case: str, lines: dict[str, dict]) -> None:
    operator = case.split("/")[0]
    ceiling = CEILINGS.get(operator, "copy")
    subject = case.rsplit("/", 2)[0]
    expected = LINES.get(subject, {"fused", "torch"}) | ({ceiling} if ceiling else set())
    check(set(lines) == expected, f"{case} has lines {sorted(lines)}, not {sorted(expected)}")
    rate = {"peak": "FLOP/s", "copy": "bytes/s", None: "ns/element"}[ceiling]
    for name, entry in lines.items():
        check(entry.get(rate, 0) > 0, f"{case}/{name} has no {rate}")
        check(ceiling is None or entry.get("share", 0) > 0, f"{case}/{name} has no share")


def check_run(program: str, source: pathlib.Path) -> None:
    done = run(program, "--threads=1", "--sequence=64", "--benchmark_filter=/minilm-l6/",
               "--benchmark_min_time=0.001", "--benchmark_format=json")
    check(done.returncode == 0, f"exit status {done.returncode}: {done.stderr}")
    output = json.loads(done.stdout)
    for key in ("cpu", "kernel_simd", "threads", "peak_fp32", "peak_bf16", "copy_in_memory"):
        check(output["context"].get(key), f"the context has no {key}")
    check(output["context"]["threads"] == "1", "--threads=1 did not reach the context")
    cases = lines_by_case(output["benchmarks"])
    for case, lines in cases.items():
        check_case(case, lines)
    check(set(LINES) <= {case.rsplit("/", 2)[0] for case in cases}, "a layer is missing")
    operators = {path.name for path in (source / "kernels").iterdir() if path.is_dir()}
    for operator in sorted(operators - NOT_OPERATORS | {"dropout_bits"}):
        for precision in ("fp32", "bf16"):
            check(any(case.startswith(operator + "/") and f"/{precision}/" in case
                      for case in cases),
                  f"no line of {operator} in {precision}: see CONTRIBUTING.md, a kernel benchmark")


def check_devices(program: str) -> None:
    check(run(program, "--device=tpu").returncode == 2, "--device=tpu must end with 2")
    check(run(program, "--hot").returncode == 2, "--hot without --device cuda must end with 2")
    done = run(program, "--device=cuda", "--benchmark_filter=nosuch")
    if done.returncode == 2:
        return  # there is a GPU, but no such line
    check(done.returncode == 6, f"--device=cuda without a GPU must end with 6: {done.stderr}")
    check(len(done.stderr.splitlines()) == 1 and "CUDA" in done.stderr and not done.stdout,
          f"--device=cuda says {done.stderr}")


def main() -> None:
    program, source = sys.argv[1], pathlib.Path(sys.argv[2])
    check_run(program, source)
    check(run(program, "--no-such-option").returncode == 2, "an unknown option must end with 2")
    check(run(program, "--threads=-1").returncode == 2, "--threads=-1 must end with 2")
    check(run(program, "--threads=100000").returncode == 2, "--threads=100000 must end with 2")
    check(run(program, "--benchmark_filter=nosuch").returncode == 2,
          "a filter that matches nothing must end with 2")
    check(run(program, "--sequence=0").returncode == 2, "--sequence=0 must end with 2")
    check_devices(program)
    check("--benchmark_filter" in run(program, "--help").stdout, "--help does not say how to filter")


if __name__ == "__main__":
    main()
