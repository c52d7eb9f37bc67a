"""Cells for tests of examples/hf_worker.py, and where it is."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKER = ROOT / "examples/hf_worker.py"
WINDOWS = ROOT / "sweeps/data/squad_train_384_512.safetensors"
sys.path.insert(0, str(WORKER.parent))


def small_cell(**changes: object) -> dict:
    """Two small layers on the tree's windows. `changes`: keys of the cell, or of its objects."""
    cell = {
        "implementation": "hf_sdpa", "micro_batch": 2, "sequence_length": 64, "precision": "fp32",
        "optimizer": "adamw", "flags": [],
        "model": {
            "preset": "small", "layers": 2, "hidden": 96, "heads": 4, "intermediate": 384,
            "vocabulary": 30522, "max_positions": 64, "token_types": 2, "layer_norm_eps": 1e-12,
            "layer_norm": "post", "gelu": "erf", "attention_dropout": 0.1, "hidden_dropout": 0.1,
        },
        "device": {"kind": "cpu", "memory_limit_bytes": None, "reserved_bytes": 0},
        "data": {"source": "windows", "file": str(WINDOWS)},
        "global_batch": 4,
        "measure": {"rounds": 1, "warmup_steps": 1, "steps": 2, "timeout_s": 300.0, "threads": 1,
                    "seed": 3, "pinning": "none"},
        "worker": ["python3", str(WORKER)],
    }
    for key, value in changes.items():
        cell[key] = {**cell[key], **value} if isinstance(value, dict) else value
    return cell
