#!/usr/bin/env python3
"""Unpack from the PyPI wheels in WHEELS what a CPU program needs of LibTorch, into DESTINATION.

Usage: unpack_libtorch.py WHEELS DESTINATION

libtorch_cpu.so looks for libcudart and libcupti in ../../nvidia/cu13/lib, so the layout of the
wheels is kept.
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


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    wheels, destination = map(pathlib.Path, sys.argv[1:])
    found = set()
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                for wanted in WANTED:
                    if member.filename.startswith(wanted):
                        archive.extract(member, destination)
                        found.add(wanted)
    missing = sorted(set(WANTED) - found)
    if missing:
        print(f"unpack_libtorch: not in the wheels: {', '.join(missing)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
