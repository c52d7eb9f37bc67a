"""Where torch and transformers are, and how the process is set up that uses them."""

import importlib.util
import os
import pathlib
import sys

PACKAGES = ("torch", "transformers")
RESTARTED = "HF_WORKER_RESTARTED"

# Freed memory stays in the heap and the heap is in huge pages, as bench_worker's allocator has it;
# else every large tensor would be given back to the system and faulted in again each step.
KEEP_MEMORY = (
    "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184:"
    "glibc.malloc.hugetlb=1"
)

# torch's profiler would call it an error that there is no GPU.
QUIET = {"KINETO_LOG_LEVEL": "5"}


def own_python() -> pathlib.Path | None:
    """The interpreter of the environment that scripts/hf_environment.sh makes, once it is whole."""
    cache = os.environ.get("BENCH_SWEEP_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bench_sweep"
    )
    folder = pathlib.Path(cache) / "huggingface"
    return folder / "bin/python" if (folder / "complete").exists() else None


def has_packages() -> bool:
    """Whether this interpreter can import them; nothing is imported yet."""
    return all(importlib.util.find_spec(name) for name in PACKAGES)


def missing_packages() -> str:
    """Why nothing can run here, or empty."""
    if has_packages() or own_python():
        return ""
    return "torch and transformers are not here; scripts/hf_environment.sh installs them"


def enter(keep_memory: bool) -> None:
    """Starts this program anew, once, with the same arguments: by the interpreter that has the
    packages and with the malloc that it is to have. Exits with status 1 where there is none."""
    if os.environ.get(RESTARTED):
        del os.environ[RESTARTED]
        return
    problem = missing_packages()
    if problem:
        sys.exit(f"hf_worker: {problem}")
    python = sys.executable if has_packages() else str(own_python())
    variables = QUIET | os.environ | {RESTARTED: "1"}
    if keep_memory and "GLIBC_TUNABLES" not in variables:
        variables["GLIBC_TUNABLES"] = KEEP_MEMORY
    os.execve(python, [python, *sys.argv], variables)


def cpu_name(cpuinfo: str) -> str:
    """The first processor of /proc/cpuinfo as bench_worker's records name it."""
    first = cpuinfo.partition("\n\n")[0]
    fields = {name.strip(): value for name, _, value in
              (line.partition(": ") for line in first.splitlines())}
    if "model name" not in fields:
        return "unknown"
    words = {"cpu family": "family", "model": "model", "stepping": "stepping"}
    numbers = ", ".join(f"{words[field]} {fields[field]}" for field in words if field in fields)
    return fields["model name"] + (f" ({numbers})" if numbers else "")


def describe() -> dict:
    """Libraries, threads and variables, for the `environment` of a record."""
    import torch
    import transformers

    settings = torch.__config__.show().splitlines()
    libraries = [
        line.strip(" -")
        for line in settings
        if any(word in line for word in ("Math Kernel Library", "MKL-DNN", "CPU capability"))
        and "Build settings" not in line
    ]
    names = ("OMP_NUM_THREADS", "OMP_PROC_BIND", "OMP_PLACES", "GLIBC_TUNABLES")
    return {
        "cpu": cpu_name(pathlib.Path("/proc/cpuinfo").read_text()),
        "processors": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "python": sys.version.split()[0],
        "math_libraries": libraries,
        "variables": {name: os.environ[name] for name in names if name in os.environ},
    }
