#!/usr/bin/env python3
"""Unpack from the PyPI wheels in WHEELS what a CPU program needs of LibTorch, into DESTINATION.

Usage: unpack_libtorch.py [--cuda] WHEELS DESTINATION

With --cuda, what a CUDA program needs of it besides the CUDA toolkit's own libraries, too.
libtorch_cpu.so looks for libcudart and libcupti in ../../nvidia/cu13/lib, and libtorch_cuda.so for
its libraries beside them, so the layout of the wheels is kept.
"""

import pathlib
import sys
import zipfile

WANTED = (
    "torch/include/",
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libc10.so",
    "torch/lib/libgomp.so.1",
    "torch-2.11.0.dist-info/",
    "nvidia/cu13/lib/libcudart.so.13",
    "nvidia/cu13/lib/libcupti.so.13",
    "nvidia_cuda_runtime-13.0.96.dist-info/",
    "nvidia_cuda_cupti-13.0.85.dist-info/",
)
WANTED_FOR_CUDA = (
    "torch/lib/libtorch_cuda.so",
    "torch/lib/libc10_cuda.so",
    "torch/lib/libtorch_nvshmem.so",
    "nvidia/cusparselt/lib/libcusparseLt.so.0",
    "nvidia/nvshmem/lib/libnvshmem_host.so.3",
    "nvidia/cu13/lib/libcufile.so.0",
)


def main() -> int:
    arguments = sys.argv[1:]
    wanted_files = WANTED
    if arguments[:1] == ["--cuda"]:
        wanted_files += WANTED_FOR_CUDA
        arguments = arguments[1:]
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wheels, destination = map(pathlib.Path, arguments)
    found = set()
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                for wanted in wanted_files:
                    if member.filename.startswith(wanted):
                        archive.extract(member, destination)
                        found.add(wanted)
    missing = sorted(set(wanted_files) - found)
    if missing:
        print(f"unpack_libtorch: not in the wheels: {', '.join(missing)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
