"""What compare_tpp.py times: bench_worker with some flags, or the peer in some form.

A contender runs one round, a fresh process, and returns the seconds of its timed steps.
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys

# Freed memory stays in the heap and the heap is in huge pages, as bench_worker's allocator does;
# stock malloc would give every large tensor back to the system and fault it in again each step.
PEER_MALLOC = (
    "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184:"
    "glibc.malloc.hugetlb=1"
)
TIMEOUT_S = 300


@dataclasses.dataclass(frozen=True)
class Workload:
    """One encoder layer of BERT-large between small embeddings and the span head."""

    windows: pathlib.Path
    lengths: tuple[int, ...]
    sequence: int
    vocabulary: int
    threads: int
    warmup: int
    steps: int
    hidden: int = 1024
    heads: int = 16
    intermediate: int = 4096
    dropout: float = 0.1

    def layer_flops(self, layout: str, real_keys: bool = False) -> int:
        """FLOPs of the layer's products, forward and backward, over padded or real tokens, whose
        attention leaves the keys of padding out or multiplies them, too."""
        padded = [self.sequence] * len(self.lengths)
        rows = self.lengths if layout == "unpadded" else padded
        keys = self.lengths if layout == "unpadded" or real_keys else padded
        weights = 4 * self.hidden**2 + 2 * self.hidden * self.intermediate
        return sum(6 * weights * r + 12 * self.hidden * r * k for r, k in zip(rows, keys))


def run_process(command: list[str], environment: dict, request: str = "") -> dict:
    """The JSON object that the command's last line of output is. Exits where it fails."""
    result = subprocess.run(
        command,
        input=request,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=os.environ | environment,
        check=False,
    )
    if result.returncode != 0:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        sys.exit(f"compare_tpp: {command[0]} ended with status {result.returncode}: {last}")
    return json.loads(result.stdout.strip().splitlines()[-1])


@dataclasses.dataclass(frozen=True)
class Fused:
    """bench_worker's `fused` implementation."""

    name: str
    precision: str
    layout: str
    flags: tuple[str, ...]
    optimizer: str
    worker: pathlib.Path
    is_peer = False
    whole_step = True

    @property
    def leaves_keys_out(self) -> bool:
        """Of padding, where rows of it are computed."""
        return "flash_attention" in self.flags

    def cell(self, work: Workload, round_number: int) -> dict:
        return {
            "implementation": "fused",
            "micro_batch": len(work.lengths),
            "sequence_length": work.sequence,
            "precision": self.precision,
            "optimizer": self.optimizer,
            "flags": list(self.flags),
            "model": {
                "preset": "bert-large",
                "layers": 1,
                "hidden": work.hidden,
                "heads": work.heads,
                "intermediate": work.intermediate,
                "vocabulary": work.vocabulary,
                "max_positions": 512,
                "token_types": 2,
                "layer_norm_eps": 1e-12,
                "layer_norm": "post",
                "gelu": "erf",
                "attention_dropout": work.dropout,
                "hidden_dropout": work.dropout,
            },
            "device": {"kind": "cpu", "memory_limit_bytes": None, "reserved_bytes": 0},
            "data": {"source": "windows", "file": str(work.windows)},
            "global_batch": len(work.lengths),
            "measure": {
                "rounds": 1,
                "warmup_steps": work.warmup,
                "steps": work.steps,
                "timeout_s": TIMEOUT_S,
                "threads": work.threads,
                "seed": 1 + round_number,
                "pinning": "none",
            },
        }

    def _ask(self, work: Workload, arguments: list[str], request: dict) -> dict:
        environment = {"OMP_NUM_THREADS": str(work.threads)}
        return run_process([str(self.worker), *arguments], environment, json.dumps(request))

    def run(self, work: Workload, round_number: int) -> list[float]:
        request = {"cell": self.cell(work, round_number), "round": round_number, "repro": ""}
        record = self._ask(work, [], request)
        if record["status"] != "passed":
            sys.exit(f"compare_tpp: {self.name}: {record['status']}: {record['reason']}")
        return record["samples"]

    def machine_peaks(self, work: Workload) -> dict:
        """FLOP/s by precision that this machine reaches in registers, measured by bench_worker."""
        trace = work.windows.with_name("trace.json")
        reply = self._ask(work, ["--trace"], {"cell": self.cell(work, 0), "file": str(trace)})
        return {
            precision: reply["peaks"][f"{precision}_flops_per_second"]
            for precision in ("fp32", "bf16")
        }


@dataclasses.dataclass(frozen=True)
class Peer:
    """tpp-pytorch-extension by tpp_layer.py."""

    name: str
    precision: str
    layout: str
    part: str
    row_block: int | None
    python: pathlib.Path
    is_peer = True
    leaves_keys_out = False

    @property
    def whole_step(self) -> bool:
        return self.part == "model"

    def command(self, work: Workload, round_number: int) -> list[str]:
        driver = pathlib.Path(__file__).with_name("tpp_layer.py")
        options = {
            "precision": self.precision,
            "layout": self.layout,
            "part": self.part,
            "warmup": work.warmup,
            "steps": work.steps,
            "threads": work.threads,
            "seed": 1 + round_number,
            "hidden": work.hidden,
            "heads": work.heads,
            "intermediate": work.intermediate,
            "vocabulary": work.vocabulary,
            "dropout": work.dropout,
        }
        if self.row_block:
            options["row-block"] = self.row_block
        text = [f"--{name}={value}" for name, value in options.items()]
        return [str(self.python), str(driver), str(work.windows), *text]

    def _environment(self, work: Workload) -> dict:
        return {"OMP_NUM_THREADS": str(work.threads), "GLIBC_TUNABLES": PEER_MALLOC}

    def run(self, work: Workload, round_number: int) -> list[float]:
        command = self.command(work, round_number)
        return run_process(command, self._environment(work))["samples"]

    def check(self, work: Workload) -> dict:
        """The driver's errors against plain PyTorch. Exits where they are too large."""
        command = [*self.command(work, 0), "--check"]
        return run_process(command, self._environment(work))["errors"]


def contenders(precision: str, layout: str, options) -> list:
    """All that is timed at one precision and layout."""
    base = () if layout == "padded" else ("remove_padding",)
    ours = [
        Fused(
            "fused " + ("+".join(flags) or "(no flags)") + f", {options.optimizer}",
            *(precision, layout, flags, options.optimizer, options.worker),
        )
        for flags in (base, (*base, "flash_attention"))
    ]
    blocks = {"": None} if layout == "padded" else {", 64-row blocks": None, ", 32-row blocks": 32}
    whole = [
        Peer(f"peer{text}", precision, layout, "model", block, options.peer_python)
        for text, block in blocks.items()
    ]
    text, block = list(blocks.items())[-1]
    alone = Peer(
        f"peer, layer alone{text}", precision, layout, "layer", block, options.peer_python
    )
    return [*ours, *whole, alone]
