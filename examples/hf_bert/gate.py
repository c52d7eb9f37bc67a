"""The correctness gate: loss, logits and gradients against bench_worker's fp64 reference.

bench_worker --reference writes its check's problem: weights, a micro-batch, and what comes out in
fp64 without dropout. With dropout HuggingFace's BERT cannot be compared, because its masks are
torch's own and not those of the reference; the gate only sees to it that dropout acts.
"""

import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from hf_bert import cells
from hf_bert.safetensors_file import StoredTensor, read_safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALLED = ROOT.parent.parent / "bin/bench_worker"  # beside share/bench_sweep/examples
DROPOUT_ACTS = 1e-2  # logits that dropout changes by less were not dropped from


class NoReference(Exception):
    """Why there is nothing to compare with, in one line."""


def check(cell: dict, options) -> dict:
    """A check result. What cannot be proven is mistrusted."""
    reason = cells.unsupported_reason(cell)
    if reason:
        return result("mistrusted", reason)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "reference.safetensors"
            reference = ask_reference(find_bench_worker(options.bench_worker), cell, file)
            tensors = read_safetensors(file)
    except (NoReference, OSError, ValueError) as error:
        return result("mistrusted", str(error).splitlines()[0])
    return compare(reference, tensors, cell, options)


def compare(reference: dict, tensors: dict, cell: dict, options) -> dict:
    import torch

    from hf_bert.gate_run import dropout_acts, run_problem
    from hf_bert.measure import threads_of

    torch.set_num_threads(threads_of(cell))
    values = run_problem(reference["model"], tensors, cell["precision"], options)
    verdict = judge(values, reference["tensors"], tensors)
    if verdict["status"] == "passed" and not dropout_acts(
            reference["model"], tensors, cell, options, DROPOUT_ACTS):
        return result("mistrusted", "dropout dropped nothing")
    return verdict


def result(status: str, reason: str, **found) -> dict:
    nothing = {"worst_tensor": "", "worst_error": 0.0, "tolerance": 0.0, "tensors": 0}
    return {"status": status, "reason": reason} | nothing | found


def find_bench_worker(given: pathlib.Path | None) -> pathlib.Path:
    """The one that was asked for, or the first of the usual places."""
    asked = given or os.environ.get("BENCH_WORKER")
    if asked:
        if os.access(asked, os.X_OK):
            return pathlib.Path(asked)
        raise NoReference(f"{asked} is no program that could be asked for the reference")
    places = [ROOT / "build/bin/bench_worker", INSTALLED, shutil.which("bench_worker")]
    for place in places:
        if place and os.access(place, os.X_OK):
            return pathlib.Path(place)
    raise NoReference("there is no bench_worker to ask for the reference: build it, or name it "
                      "with --bench-worker")


def ask_reference(program: pathlib.Path, cell: dict, file: pathlib.Path) -> dict:
    """The reply of `program --reference`, which writes `file`."""
    request = json.dumps({"cell": cell, "file": str(file)})
    done = subprocess.run([program, "--reference"], input=request, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NoReference(f"{program} has no reference: {last}")
    return json.loads(done.stdout)


def judge(values: dict[str, list], wanted: list[dict], tensors: dict[str, StoredTensor]) -> dict:
    """The verdict on `values`, flat lists by the names in `wanted`, by the reference's tensors: the
    norm of the difference over the norm of what it is relative to, against the tolerance."""
    expected = {tensor["name"]: reference_values(tensor["name"], tensors) for tensor in wanted}
    worst = {}
    worst_excess = -1.0
    for tensor in wanted:
        name, tolerance = tensor["name"], tensor["tolerance"]
        error = relative_error(values.get(name), expected[name], expected[tensor["relative_to"]])
        if error / tolerance > worst_excess:
            worst_excess = error / tolerance
            worst = {"worst_tensor": name, "worst_error": error, "tolerance": tolerance}
    worst["tensors"] = len(wanted)
    if not wanted:
        return result("mistrusted", "there was nothing to compare")
    if worst_excess > 1:
        return result("incorrect", f"without dropout {worst['worst_tensor']} differs from the fp64 "
                      f"reference by {worst['worst_error']:.3g} of its norm; "
                      f"{worst['tolerance']:.3g} is allowed", **worst)
    return result("passed", "", **worst)


def reference_values(name: str, tensors: dict[str, StoredTensor]) -> list[float]:
    """Of an output, or of the gradient of the weight `name`."""
    return (tensors.get(name) or tensors[f"gradient/{name}"]).values()


def relative_error(value: list | None, reference: list, scale: list) -> float:
    """The largest double where it is not a number, or `value` is missing or of another size."""
    if value is None or len(value) != len(reference):
        return sys.float_info.max
    norm = math.hypot(*scale)
    error = math.dist(value, reference) / norm if norm else math.inf
    return error if math.isfinite(error) else sys.float_info.max
