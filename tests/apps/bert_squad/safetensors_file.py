"""Safetensors files read byte by byte, as the format's description has them."""

import json
import pathlib
import struct


def read(path):
    """Name -> (dtype, shape, bytes), and the metadata."""
    content = pathlib.Path(path).read_bytes()
    length, = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", None)
    data = content[8 + length:]
    return {name: (entry["dtype"], entry["shape"], data[slice(*entry["data_offsets"])])
            for name, entry in header.items()}, metadata
