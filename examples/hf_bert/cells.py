"""What a cell asks for, and whether this worker can run it. Needs no torch."""

# A start or end position that takes no part in the loss (model/window.h).
IGNORED_TARGET = -100
PRECISIONS = ("fp32", "bf16")


def sequences_per_step(cell: dict) -> int:
    """Of the global batch, rounded up to whole micro-batches."""
    micro_batch = cell["micro_batch"]
    return max(1, -(-cell["global_batch"] // micro_batch)) * micro_batch


def usable_bytes(cell: dict) -> int | None:
    """What the device's limit leaves for tensors, or None without a limit."""
    device = cell["device"]
    limit = device["memory_limit_bytes"]
    return None if limit is None else limit - device["reserved_bytes"]


def unsupported_reason(cell: dict) -> str:
    """Why HuggingFace's BERT cannot run the cell, or empty."""
    if cell["device"]["kind"] != "cpu":
        return f"hf_worker.py runs on the CPU, not on the device kind {cell['device']['kind']}"
    if cell["precision"] not in PRECISIONS:
        return f"hf_worker.py has no precision {cell['precision']}; use fp32 or bf16"
    if cell["model"]["layer_norm"] != "post":
        return "HuggingFace's BERT has its LayerNorms behind the residuals alone (layer_norm post)"
    if cell["optimizer"] != "adamw":
        return f"hf_worker.py has no optimizer {cell['optimizer']}; use adamw"
    if cell["flags"]:
        return f"HuggingFace's BERT has no flags; it was asked for {', '.join(cell['flags'])}"
    if cell["data"]["source"] != "windows":
        return "hf_worker.py reads prepared windows alone; `bert_squad features` writes them"
    if cell["sequence_length"] > cell["model"]["max_positions"]:
        return "the sequence length is beyond the model's positions"
    if cell["measure"]["pinning"] != "none":
        return "hf_worker.py cannot show where its threads run, so it pins none"
    if cell["measure"].get("cuda_graph"):
        return "hf_worker.py records no CUDA graphs"
    return ""


def plan_reply(cells: list, missing: str) -> dict:
    """Whether each of the cells can run. Memory is measured, not predicted. `missing`: why none
    can, or empty."""
    if not isinstance(cells, list):
        raise ValueError("a line of --plan must be an array of cells")
    plans = [
        {"footprint": None, "unsupported_reason": missing or unsupported_reason(cell)}
        for cell in cells
    ]
    kind = cells[0]["device"]["kind"] if cells else "cpu"
    device = {"kind": kind, "available": kind == "cpu", "reason": ""}
    if kind != "cpu":
        device["reason"] = "hf_worker.py runs on the CPU alone"
    return {"device": device, "plans": plans, "data_error": ""}
