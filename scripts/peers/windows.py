"""The windows that both sides train on, as the safetensors file that bench_worker reads.

Token ids are drawn from a small vocabulary, so that the embedding table and its optimizer step are
a small part of the step on both sides; lengths are given, so that both compute the same tokens.
"""

import json
import pathlib
import random
import struct

PADDING_ID = 0
ITEM_FORMAT = {"I32": "i", "U8": "B"}


def make_windows(lengths: list[int], sequence: int, vocabulary: int, seed: int) -> dict:
    """Tensors by name, as nested lists: a window for every length, padded to `sequence`.

    Ids are in [1, vocabulary); the first half of a window has token type 0, the second 1.
    """
    if min(lengths) < 2 or max(lengths) > sequence:
        raise ValueError(f"lengths must be from 2 to {sequence}, got {lengths}")
    rng = random.Random(seed)
    tensors = {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    tensors.update(start_positions=[], end_positions=[])
    for length in lengths:
        padding = [PADDING_ID] * (sequence - length)
        ids = [rng.randrange(1, vocabulary) for _ in range(length)]
        first = length // 2
        tensors["input_ids"].append(ids + padding)
        tensors["token_type_ids"].append([0] * first + [1] * (length - first) + padding)
        tensors["attention_mask"].append([1] * length + padding)
        start = rng.randrange(length)
        tensors["start_positions"].append(start)
        tensors["end_positions"].append(rng.randrange(start, length))
    return tensors


def write_windows(path: pathlib.Path, tensors: dict) -> None:
    """Write tensors of make_windows as safetensors: 1-D and `input_ids` int32, the rest uint8."""
    header, data = {}, b""
    for name, rows in tensors.items():
        flat = [x for row in rows for x in row] if isinstance(rows[0], list) else rows
        dtype = "U8" if name in ("token_type_ids", "attention_mask") else "I32"
        shape = [len(rows), len(rows[0])] if isinstance(rows[0], list) else [len(rows)]
        chunk = struct.pack(f"<{len(flat)}{ITEM_FORMAT[dtype]}", *flat)
        offsets = [len(data), len(data) + len(chunk)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        data += chunk
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_windows(path: pathlib.Path) -> dict:
    """What write_windows wrote: nested lists by name."""
    raw = path.read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, tensor in header.items():
        begin, end = (8 + size + offset for offset in tensor["data_offsets"])
        item = ITEM_FORMAT[tensor["dtype"]]
        count = (end - begin) // struct.calcsize(item)
        flat = list(struct.unpack_from(f"<{count}{item}", raw, begin))
        width = tensor["shape"][1] if len(tensor["shape"]) == 2 else None
        rows = [flat[i : i + width] for i in range(0, len(flat), width)] if width else flat
        tensors[name] = rows
    return tensors
