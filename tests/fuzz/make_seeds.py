#!/usr/bin/env python3
"""Write the fuzzers' seeds, one folder a fuzzer, from the test data.

Usage: make_seeds.py ROOT OUT
"""

import pathlib
import shutil
import struct
import sys
import zipfile

LARGEST = 100_000  # bytes; a fuzzer mutates small files faster


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    data = pathlib.Path(sys.argv[1]) / "tests/checkpoint/data"
    out = pathlib.Path(sys.argv[2])
    names = ("pickle", "pytorch_legacy", "pytorch_zip", "safetensors", "tensorflow_index")
    folders = {name: out / name for name in names}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)

    for path in sorted(data.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        if path.suffix == ".safetensors":
            shutil.copy(path, folders["safetensors"])
        elif path.suffix == ".index":
            shutil.copy(path, folders["tensorflow_index"])
            content = path.read_bytes()  # the block of data alone: its size ends the file's index
            (folders["tensorflow_index"] / f"{path.name}.block").write_bytes(content[:-200])
        elif zipfile.is_zipfile(path):
            shutil.copy(path, folders["pytorch_zip"])
            with zipfile.ZipFile(path) as archive:
                for entry in archive.namelist():
                    if entry.endswith("/data.pkl"):
                        (folders["pickle"] / f"{path.name}.pkl").write_bytes(archive.read(entry))
        elif path.suffix == ".bin":
            shutil.copy(path, folders["pytorch_legacy"])

    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    seed = struct.pack("<Q", len(header)) + header + bytes(8)
    (folders["safetensors"] / "two_floats").write_bytes(seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
