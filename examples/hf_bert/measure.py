"""One round of a cell, as a record."""

import math
import os
import time

from hf_bert import cells, environment, whereabouts

HOW_MEMORY_IS_COUNTED = (
    "most bytes of tensors alive at once, of torch's CPU allocator, in one more step after the "
    "timed ones; what a step allocates is `other`; scratch of math libraries is not counted"
)
NO_ROOM = ("can't allocate memory", "not enough memory")


def record(request: dict, options) -> dict:
    """Of a cell that cannot run here, runs out of memory or fails too."""
    cell = request["cell"]
    result = {
        "schema_version": 1, "cell": cell, "round": request["round"], "status": "passed",
        "reason": "", "phase": None, "samples": [], "tokens": [],
        "sequences_per_sample": cells.sequences_per_step(cell), "checks": [],
        "memory": {"planned": None, "measured": None, "out_of_memory": None, "source": "measured"},
        "environment": {},
        "build": {"worker": "hf_worker.py", "attention": options.attention,
                  "compile": options.compile},
        "repro": request["repro"],
    }
    reason = cells.unsupported_reason(cell)
    if reason:
        return stopped(result, "unsupported", reason, "setup")
    try:
        return run(cell, options, result)
    except MemoryError:
        return stopped(result, "skipped", "this machine's own memory: the heap had no room")
    except Exception as error:  # whatever a library raises ends this cell alone
        lines = str(error).splitlines() or [type(error).__name__]
        if any(words in str(error) for words in NO_ROOM):
            return stopped(result, "skipped", f"this machine's own memory: {lines[0]}")
        return stopped(result, "crashed", lines[0] or type(error).__name__)


def stopped(result: dict, status: str, reason: str, phase: str | None = None) -> dict:
    phase = phase or whereabouts.current_phase()
    nothing = {"samples": [], "tokens": []}
    return result | nothing | {"status": status, "reason": reason, "phase": phase}


def threads_of(cell: dict) -> int:
    """As bench_worker resolves them."""
    return (cell["measure"]["threads"] or int(os.environ.get("OMP_NUM_THREADS", 0))
            or len(os.sched_getaffinity(0)))


def run(cell: dict, options, result: dict) -> dict:
    import torch

    from hf_bert.memory import count_step, reset_resident_peak, resident_bytes
    from hf_bert.training import TrainingRun

    torch.set_num_threads(threads_of(cell))
    resident_before = resident_bytes(peak=False)
    training = TrainingRun(cell, options.attention, options.compile)
    warmup, steps = cell["measure"]["warmup_steps"], cell["measure"]["steps"]
    samples, loss = [], 0.0
    for number in range(warmup + steps):
        whereabouts.enter_step(number + 1, warmup + steps)
        if number == warmup:
            reset_resident_peak()
        begin = time.perf_counter()
        loss = training.step(number)
        if number >= warmup:
            samples.append(time.perf_counter() - begin)
    resident = {"before_model_bytes": resident_before, "peak_bytes": resident_bytes(peak=True)}
    memory = count_step(training, warmup + steps)
    result["environment"] = environment.describe() | {
        "memory": HOW_MEMORY_IS_COUNTED, "resident": resident}
    limit = cells.usable_bytes(cell)
    refused = memory.refusal(limit) if limit is not None else None
    if refused:
        detail, phase = refused
        result["memory"]["out_of_memory"] = detail
        return stopped(result, "out_of_memory", f"{detail['requested_bytes']} bytes asked for in "
                       f"{phase}, {detail['in_use_bytes']} in use; the limit is {limit} bytes",
                       phase)
    result["memory"]["measured"] = memory.footprint()
    if not math.isfinite(loss):
        return stopped(result, "incorrect", f"the loss was {loss} after {warmup + steps} steps",
                       "forward")
    result["samples"] = samples
    result["tokens"] = [training.data.tokens(warmup + i) for i in range(steps)]
    return result
