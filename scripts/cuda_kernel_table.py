#!/usr/bin/env python3
"""Compiles every CUDA kernel for every architecture and writes what each needs: docs/kernels.md.

Usage: cuda_kernel_table.py [--nvcc NVCC] [--nvrtc WHEELS] [--cache DIR] [--only WORD] [--output FILE]

Every kernels/**/*.cu is compiled by nvcc (by default the one in PATH or /usr/local/cuda) for all of
ARCHITECTURES, and ptxas is asked for registers, spills and shared memory. nvcc 13 has no sm_70: with
--nvrtc the kernels are compiled for it from their .cuh alone by NVRTC 12.9, of which WHEELS holds the
unpacked wheels (pip install --target WHEELS -r scripts/nvrtc-requirements.txt). With --cache what
ptxas said is kept in DIR, by the contents of all device code, and not asked again; --only compiles
the files whose path has WORD, and writes nothing. Exit status 1 where a kernel spills registers and
SPILLS does not say why it may, or more than it says; 2 where there is no nvcc or it fails.
"""
import argparse
import concurrent.futures
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable

from nvrtc import Nvrtc, NvrtcError

# PTX by the virtual architecture of each group, machine code for its members.
ARCHITECTURE_GROUPS = (("75",), ("80", "86", "89"), ("90a",), ("100",), ("120",))
ARCHITECTURES = tuple(name for group in ARCHITECTURE_GROUPS for name in group)
FLAGS = ("-std=c++20", "-O3", "--expt-relaxed-constexpr", "-fatbin", "-Xptxas", "-v",
         *(f"-gencode=arch=compute_{group[0]},code=[{','.join(f'sm_{name}' for name in group)}]"
           for group in ARCHITECTURE_GROUPS))

NVRTC_ARCHITECTURE = "70"
NVRTC_FLAGS = ("-std=c++20", "-default-device", "--gpu-architecture=sm_70", "--ptxas-options=-v",
               f"-I{pathlib.Path(__file__).resolve().parent.parent}/kernels/core/nvrtc")
DEVICE_CODE = re.compile(r'^#include "(kernels/\S+\.cuh)"', re.M)

# Kernels that may spill, by the beginning of their names: at most so many bytes, and why.
UNPACKED = "arrays that no pack reaches: it waits for memory"
LONG_ROWS = "rows longer than 1024: it waits for memory"
ONE_BLOCK_MORE = "ptxas gives registers up for a thread block more, which hides waiting"
SPILLS: dict[str, tuple[int, str]] = {
    "residual_layer_norm_backward_kernel<8, 0": (64, LONG_ROWS),
    "residual_layer_norm_backward_kernel<4, 0": (64, LONG_ROWS),
    "residual_layer_norm_backward_kernel<1, 0": (64, UNPACKED),
    "residual_layer_norm_forward_kernel<1, 0": (64, UNPACKED),
    "residual_layer_norm_forward_kernel<8, 1, float16": (8, "one register on sm_70, once a row"),
    "bias_dropout_residual_backward_kernel<4, float": (8, "one register on sm_80"),
    "layer_norm_forward_kernel<8, 1": (8, "one register on sm_70 and sm_80, once a row"),
    "layer_norm_backward_kernel<8, 0, float16": (32, LONG_ROWS),
    "layer_norm_backward_kernel<8, 0, bfloat16": (32, LONG_ROWS),
    "layer_norm_backward_kernel<1, 0": (64, UNPACKED),
    "layer_norm_forward_kernel<1, 0": (64, UNPACKED),
    "softmax_dropout_backward_kernel<1, 0": (64, UNPACKED),
    "softmax_dropout_forward_kernel<1, 2": (32, UNPACKED),
    "softmax_dropout_forward_kernel<8, 2": (8, "one register on sm_120, once a row"),
    "matrix_attention_forward_kernel<": (16, "three registers on sm_100, for two thread blocks"),
    "matrix_attention_key_gradient_kernel<": (8, "two registers on sm_90a, for two thread blocks"),
    "plain_attention_forward_kernel<": (96, ONE_BLOCK_MORE),
    "plain_attention_query_gradient_kernel<": (96, ONE_BLOCK_MORE),
    "plain_attention_key_gradient_kernel<": (160, ONE_BLOCK_MORE),
    "merge_heads_kernel<4, float": (8, "a register on sm_70 and sm_100: it waits for memory"),
    "split_heads_forward_kernel<1": (64, "heads that no pack divides: eight addresses a lane"),
}

ENTRY = re.compile(r"Compiling entry function '(\w+)' for 'sm_(\w+)'")
SPILL = re.compile(r"(\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers")
SHARED = re.compile(r"(\d+) bytes smem")

ROOT = pathlib.Path(__file__).resolve().parent.parent


class TableError(Exception):
    """What went wrong, in one line."""


@dataclasses.dataclass
class Use:
    """What one kernel needs on one architecture."""
    registers: int = 0
    spilled_bytes: int = 0
    shared_bytes: int = 0


def find_nvcc(named: str | None) -> str:
    for candidate in (named,) if named else ("nvcc", "/usr/local/cuda/bin/nvcc"):
        if shutil.which(candidate):
            return candidate
    raise TableError(f"no nvcc: {named or 'neither in PATH nor in /usr/local/cuda'}")


def device_code_digest() -> str:
    """Of everything that a kernel can include from the project."""
    digest = hashlib.sha256(" ".join(FLAGS + NVRTC_FLAGS).encode())
    for path in sorted((ROOT / "kernels").rglob("*")):
        if path.suffix in (".cu", ".cuh", ".h") or path.parent.name == "nvrtc":
            digest.update(path.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclasses.dataclass
class Compilers:
    nvcc: str
    nvrtc: Nvrtc | None
    cache: pathlib.Path | None

    def by_nvcc(self, source: pathlib.Path) -> str:
        """What ptxas says of the kernels of `source`, for all of ARCHITECTURES."""
        def run() -> str:
            with tempfile.TemporaryDirectory() as work:
                done = subprocess.run(
                    [self.nvcc, *FLAGS, f"-I{ROOT}", "-o", f"{work}/kernels.fatbin", str(source)],
                    capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise TableError(f"nvcc cannot compile {source}:\n{done.stderr}")
            return done.stdout + done.stderr
        return self._cached(source, "nvcc", run)

    def by_nvrtc(self, source: pathlib.Path, kernels: list[str]) -> str:
        """The same for sm_70, of the named kernels in the device code of `source`'s folder."""
        def run() -> str:
            folder = source.relative_to(ROOT).parent.as_posix()
            includes = [include for include in DEVICE_CODE.findall(source.read_text())
                        if include.rsplit("/", 1)[0] == folder]
            text = "".join(f'#include "{include}"\n' for include in includes)
            try:
                return self.nvrtc.compile(text, kernels, [*NVRTC_FLAGS, f"-I{ROOT}"])
            except NvrtcError as error:
                raise TableError(f"NVRTC cannot compile {source} for sm_70: {error}") from error
        return self._cached(source, "nvrtc", run)

    def _cached(self, source: pathlib.Path, compiler: str, run: Callable[[], str]) -> str:
        if self.cache is None:
            return run()
        name = "-".join(source.relative_to(ROOT / "kernels").with_suffix("").parts)
        kept = self.cache / f"{name}.{compiler}.{device_code_digest()}.txt"
        if not kept.is_file():
            self.cache.mkdir(parents=True, exist_ok=True)
            kept.write_text(run())
        return kept.read_text()


def parse(text: str) -> dict[str, dict[str, Use]]:
    """By mangled name and architecture."""
    uses: dict[str, dict[str, Use]] = {}
    use = None
    for line in text.splitlines():
        if entry := ENTRY.search(line):
            use = uses.setdefault(entry[1], {}).setdefault(entry[2], Use())
        elif use is not None:
            if spill := SPILL.search(line):
                use.spilled_bytes = max(int(spill[1]), int(spill[2]))
            if used := USED.search(line):
                use.registers = int(used[1])
                shared = SHARED.search(line)
                use.shared_bytes = int(shared[1]) if shared else 0
                use = None
    return uses


def demangled(mangled: list[str]) -> dict[str, str]:
    """Names of kernels as C++ has them, without arguments."""
    done = subprocess.run(["c++filt"], input="\n".join(mangled), capture_output=True, text=True,
                          check=True)
    names = {}
    for symbol, name in zip(mangled, done.stdout.splitlines()):
        # Template arguments hold parentheses, too: "(kernels::Gelu)0".
        depth = 0
        for end, character in enumerate(name):
            depth += {"<": 1, ">": -1}.get(character, 0)
            if character == "(" and depth == 0:
                break
        names[symbol] = name[:end].removeprefix("void ")
    return names


def readable(name: str) -> str:
    for gelu, word in enumerate(("erf", "tanh")):
        name = name.replace(f"(kernels::Gelu){gelu}", word)
    return re.sub(r"\((int|bool)\)", "", name).replace("kernels::", "")


def kernels_of(compilers: Compilers, source: pathlib.Path) -> dict[str, dict[str, Use]]:
    """By kernel and architecture."""
    uses = parse(compilers.by_nvcc(source))
    names = demangled(list(uses))
    kernels = {readable(names[symbol]): dict(use) for symbol, use in uses.items()}
    if not kernels or any(set(use) != set(ARCHITECTURES) for use in kernels.values()):
        raise TableError(f"ptxas names no kernel of {source}, or not for every architecture")
    if compilers.nvrtc is not None:
        for symbol, use in parse(compilers.by_nvrtc(source, sorted(names.values()))).items():
            kernels[readable(demangled([symbol])[symbol])] |= use
    return kernels


def collect(compilers: Compilers,
            sources: list[pathlib.Path]) -> dict[str, dict[str, dict[str, Use]]]:
    """By source, kernel and architecture; a processor compiles a source."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        kernels = list(pool.map(lambda source: kernels_of(compilers, source), sources))
    return {source.relative_to(ROOT).as_posix(): each for source, each in zip(sources, kernels)}


def field(use: Use | None) -> str:
    if use is None:
        return ""
    return f"{use.registers} ({use.spilled_bytes} B spilled)" if use.spilled_bytes else str(
        use.registers)


def write_table(table: dict[str, dict[str, dict[str, Use]]],
                architectures: tuple[str, ...]) -> str:
    lines = [
        "# CUDA kernels",
        "",
        "Registers a thread of every kernel on every architecture, and bytes of static shared memory a",
        "block: what ptxas says. `scripts/cuda_kernel_table.py` writes this page, and fails where a kernel",
        "spills registers without a reason. sm_70 is NVRTC's, from the device code alone: nvcc 13 has it no",
        "more.",
    ]
    for source, kernels in table.items():
        lines += ["", f"## `{source}`", "",
                  "| kernel | shared | " + " | ".join(f"sm_{a}" for a in architectures) + " |",
                  "|---|---|" + "---|" * len(architectures)]
        for name in sorted(kernels):
            by_architecture = kernels[name]
            shared = max(use.shared_bytes for use in by_architecture.values())
            fields = [field(by_architecture.get(a)) for a in architectures]
            lines.append(f"| `{name}` | {shared} | " + " | ".join(fields) + " |")
    if SPILLS:
        lines += ["", "## Kernels that may spill", ""]
        lines += [f"- `{name}...`, up to {most} bytes: {reason}"
                  for name, (most, reason) in SPILLS.items()]
    return "\n".join(lines) + "\n"


def may_spill(name: str, spilled_bytes: int) -> bool:
    return any(name.startswith(start) and spilled_bytes <= most
               for start, (most, _) in SPILLS.items())


def unexplained_spills(table: dict[str, dict[str, dict[str, Use]]]) -> list[str]:
    return [f"{source}: {name} spills {use.spilled_bytes} bytes on sm_{architecture}"
            for source, kernels in table.items()
            for name, by_architecture in kernels.items()
            for architecture, use in by_architecture.items()
            if use.spilled_bytes and not may_spill(name, use.spilled_bytes)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nvcc")
    parser.add_argument("--nvrtc", type=pathlib.Path)
    parser.add_argument("--cache", type=pathlib.Path)
    parser.add_argument("--only")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs" / "kernels.md")
    args = parser.parse_args()
    sources = sorted(path for path in (ROOT / "kernels").rglob("*.cu")
                     if args.only is None or args.only in path.as_posix())
    try:
        if not sources:
            raise TableError(f"no kernels/**/*.cu has {args.only!r} in its path")
        nvrtc = Nvrtc(args.nvrtc) if args.nvrtc is not None else None
        table = collect(Compilers(find_nvcc(args.nvcc), nvrtc, args.cache), sources)
    except (TableError, NvrtcError) as error:
        print(f"cuda_kernel_table: {error}", file=sys.stderr)
        return 2
    architectures = (NVRTC_ARCHITECTURE,) * (nvrtc is not None) + ARCHITECTURES
    if args.only is None:
        args.output.write_text(write_table(table, architectures))
    spills = unexplained_spills(table)
    print("\n".join(spills) if spills else
          f"{sum(map(len, table.values()))} kernels for {len(architectures)} architectures, no "
          "unexplained spill")
    return 1 if spills else 0


if __name__ == "__main__":
    sys.exit(main())
