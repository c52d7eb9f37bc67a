#!/usr/bin/env python3
"""Write the fuzzers' seeds, one folder a fuzzer, from the test data.

Usage: make_seeds.py ROOT OUT
"""

import json
import lzma
import pathlib
import shutil
import struct
import sys
import zipfile

LARGEST = 100_000  # bytes; a fuzzer mutates small files faster
CONFIGURATION = {
    "train_micro_batch_size_per_gpu": 3,
    "gradient_accumulation_steps": 2,
    "optimizer": {
        "type": "Lamb",
        "params": {"betas": [0.9, 0.999], "eps": 1e-6, "max_coeff": 0.3, "min_coeff": 0.01},
    },
    "scheduler": {
        "type": "WarmupDecayLR",
        "params": {"total_num_steps": 900, "warmup_min_lr": 0, "warmup_num_steps": 9,
                   "warmup_type": "linear"},
    },
    "fp16": {"enabled": False, "loss_scale": 0, "initial_scale_power": 12, "hysteresis": 1,
             "loss_scale_window": 500, "min_loss_scale": 0.5, "consecutive_hysteresis": True},
    "bf16": {"enabled": True},
    "wall_clock_breakdown": True,
    "zero_optimization": {"stage": 1},
    "transformer_kernel": {"gelu_checkpoint": True, "normalize_invertible": False},
}


def write_weight_files(data: pathlib.Path, folders: dict[str, pathlib.Path]) -> None:
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


def varint(number: int) -> bytes:
    text = b""
    while number >= 0x80:
        text += bytes([number & 0x7F | 0x80])
        number >>= 7
    return text + bytes([number])


def field(number: int, value: int | bytes) -> bytes:
    """Of a protocol buffer: a number, or bytes behind their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def write_bundles(data: pathlib.Path, folder: pathlib.Path) -> None:
    """The first tensors of a real checkpoint, in the form that fuzz_tensorflow_bundle takes, in one
    data file and in each of two."""
    described = []
    found = json.loads((data / "bert_model.json").read_text())["tensors"]
    for tensor in list(found.values())[:6]:
        shape = b"".join(field(2, field(1, size)) for size in tensor["shape"])
        described.append(field(1, 1) + field(2, shape) + field(4, tensor["offset"])
                         + field(5, tensor["size"]) + varint(6 << 3 | 5)
                         + struct.pack("<I", tensor["masked_crc32c"]))
        end = tensor["offset"] + tensor["size"]
    content = (data / "bert_model.ckpt.data-00000-of-00001").read_bytes()[:end]
    in_second = [text + field(3, 1) for text in described]
    for shards, texts in ((1, described), (2, described + in_second)):
        texts = [field(1, shards), *texts, b""]
        (folder / f"{shards}_files").write_bytes(bytes([shards - 1]) + b"".join(
            bytes([len(text)]) + text for text in texts) + shards * content)


def write_questions(packed_cases: pathlib.Path, folder: pathlib.Path) -> None:
    for number, case in enumerate(json.loads(lzma.open(packed_cases).read())["cases"]):
        question = {"id": "q", "question": case["question"], "answers": case["answers"]}
        paragraph = {"context": case["context"], "qas": [question]}
        data = {"version": "1.1", "data": [{"title": "T", "paragraphs": [paragraph]}]}
        text = json.dumps(data, ensure_ascii=number % 2 == 0)
        if len(text) < 4000:
            (folder / f"{number}.json").write_text(text, encoding="utf-8")


def write_configurations(root: pathlib.Path, folder: pathlib.Path) -> None:
    shutil.copy(root / "configs/deepspeed_bsz24_config.json", folder)
    (folder / "every_section.json").write_text(json.dumps(CONFIGURATION))
    schedule = {"type": "warmup_linear", "params": {"warmup_proportion": 0.1}}
    (folder / "warmup_linear.json").write_text(json.dumps(CONFIGURATION | {"scheduler": schedule}))


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(sys.argv[1])
    out = pathlib.Path(sys.argv[2])
    names = ("deepspeed_config", "pickle", "pytorch_legacy", "pytorch_zip", "safetensors",
             "squad_questions", "tensorflow_bundle", "tensorflow_index")
    folders = {name: out / name for name in names}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    write_weight_files(root / "tests/checkpoint/data", folders)
    write_bundles(root / "tests/checkpoint/data/tensorflow", folders["tensorflow_bundle"])
    write_questions(root / "tests/squad/data/features.json.xz", folders["squad_questions"])
    write_configurations(root, folders["deepspeed_config"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
