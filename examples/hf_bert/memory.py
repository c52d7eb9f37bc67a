"""Peak memory of a step: bytes of tensors alive at once, as bench_worker counts them.

torch's profiler reports every allocation of its CPU allocator and its end. One more step under it,
after the timed ones, gives the most bytes that a step has alive at once, on top of what stands
before it: weights and the optimizer's state. What torch's libraries take besides (the scratch of
oneDNN and MKL, malloc's gaps) is not in it; `resident` of a record's environment has the process's
pages.
"""

import dataclasses
import pathlib

import torch
from torch.autograd.profiler import profile, record_function

MEMORY_EVENT = "[memory]"
PHASE_PREFIX = "phase "


@dataclasses.dataclass(frozen=True)
class Allocation:
    """Made, or ended where `size` is negative."""

    time_ns: int
    size: int
    phase: str


class StepMemory:
    """What a step allocates, on top of the bytes that stand before it."""

    def __init__(self, weight_bytes: int, state_bytes: int, allocations: list[Allocation]):
        self.weight_bytes = weight_bytes
        self.state_bytes = state_bytes
        self.allocations = allocations

    def _alive(self):
        """(allocation, bytes alive before it), in the order of time."""
        alive = self.weight_bytes + self.state_bytes
        for allocation in self.allocations:
            yield allocation, alive
            alive += allocation.size

    def footprint(self) -> dict:
        """`memory.measured` of a record. What a step allocates is not told apart: `other`."""
        standing = self.weight_bytes + self.state_bytes
        peak, phase = max(
            ((alive + a.size, a.phase) for a, alive in self._alive()),
            key=lambda pair: pair[0], default=(standing, "setup"),
        )
        return {
            "peak_bytes": peak,
            "at_peak": categories(self.weight_bytes, self.state_bytes, peak - standing),
            "peak_phase": phase,
            "library_scratch_bytes": 0,
            "reserved_bytes": None,
        }

    def refusal(self, limit: int) -> tuple[dict, str] | None:
        """`memory.out_of_memory` of a record, and the phase, where one goes over `limit`."""
        standing = self.weight_bytes + self.state_bytes
        for allocation, alive in self._alive():
            if alive + allocation.size > limit:
                in_use = categories(self.weight_bytes, self.state_bytes, alive - standing)
                return {"requested_bytes": allocation.size, "in_use_bytes": alive,
                        "in_use": in_use}, allocation.phase
        return None


def categories(weights: int, optimizer_state: int, other: int) -> dict:
    return {"weights": weights, "gradients": 0, "optimizer_state": optimizer_state,
            "saved_activations": 0, "workspace": 0, "other": other}


def count_step(run, number: int) -> StepMemory:
    """Takes step `number` of a TrainingRun that has taken one before."""
    run.optimizer.drop_gradients()
    open_phase = []

    def enter_phase(phase: str) -> None:
        if open_phase:
            open_phase.pop().__exit__(None, None, None)
        open_phase.append(record_function(PHASE_PREFIX + phase))
        open_phase[-1].__enter__()

    with profile(use_kineto=True, profile_memory=True) as profiler:
        run.step(number, enter_phase)
        open_phase.pop().__exit__(None, None, None)
    events = profiler.kineto_results.events()
    phases = sorted((event.start_ns(), event.name().removeprefix(PHASE_PREFIX))
                    for event in events if event.name().startswith(PHASE_PREFIX))
    changes = [(event.start_ns(), event.nbytes())
               for event in events if event.name() == MEMORY_EVENT]
    changes.sort(key=lambda pair: pair[0])

    def phase_at(time: int) -> str:
        return next((name for begin, name in reversed(phases) if begin <= time), "forward")

    allocations = [Allocation(time, size, phase_at(time)) for time, size in changes]
    return StepMemory(run.weight_bytes(), run.optimizer.state_bytes(), allocations)


def resident_bytes(peak: bool) -> int:
    """Pages of this process in memory: now, or the most since reset_resident_peak()."""
    key = "VmHWM:" if peak else "VmRSS:"
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return 0


def reset_resident_peak() -> None:
    """From now on resident_bytes(peak=True) counts anew, where the kernel lets it."""
    try:
        pathlib.Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass
