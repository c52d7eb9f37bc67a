"""A reader of safetensors files: the windows and the gate's reference. Needs no torch."""

import dataclasses
import json
import pathlib
import struct

ITEMS = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "U8": "B"}


@dataclasses.dataclass(frozen=True)
class StoredTensor:
    """Bytes of a tensor: little-endian, row-major."""

    dtype: str  # as in ITEMS
    shape: tuple[int, ...]
    data: bytes

    def values(self) -> list:
        """All elements, flat."""
        item = ITEMS[self.dtype]
        return list(struct.unpack(f"<{len(self.data) // struct.calcsize(item)}{item}", self.data))

    def rows(self) -> list[list]:
        """Of a matrix."""
        flat, width = self.values(), self.shape[1]
        return [flat[i : i + width] for i in range(0, len(flat), width)]


def read_safetensors(path: pathlib.Path | str) -> dict[str, StoredTensor]:
    """Tensors by name. Raises OSError or ValueError, which name the file."""
    raw = pathlib.Path(path).read_bytes()
    try:
        (size,) = struct.unpack_from("<Q", raw)
        header = json.loads(raw[8 : 8 + size])
        tensors = {}
        for name, tensor in header.items():
            if name == "__metadata__":
                continue
            begin, end = (8 + size + offset for offset in tensor["data_offsets"])
            tensors[name] = StoredTensor(tensor["dtype"], tuple(tensor["shape"]), raw[begin:end])
    except (struct.error, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a safetensors file ({error})") from error
    return tensors
